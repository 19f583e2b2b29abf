package io.divvy.node.download.transfer;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Bounds the bytes per second of all transfers of a run on this node; used by many threads. */
final class Throttle {

  private final LongSupplier nanoTime;
  private volatile long bytesPerSecond;
  private long free;

  Throttle(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.free = nanoTime.getAsLong();
  }

  /** Another limit from now on; 0 is none. */
  void limit(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  /** Takes so many bytes: how long to wait before they are received. */
  long waitNanos(int bytes) {
    long limit = bytesPerSecond;
    if (limit == 0) {
      return 0;
    }
    synchronized (this) {
      long now = nanoTime.getAsLong();
      long begin = free - now > 0 ? free : now; // what was not used before is not saved up
      free = begin + (long) (bytes / (double) limit * TimeUnit.SECONDS.toNanos(1));
      return begin - now;
    }
  }
}
