package io.divvy.node.download.transfer;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Bounds the bytes per second of all transfers of a run on this node; used by many threads. */
public final class Throttle {

  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LongSupplier nanoTime;
  private volatile long bytesPerSecond;
  private long free;

  /** Without a limit, by a monotonic clock. */
  public Throttle(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.free = nanoTime.getAsLong();
  }

  /** Another limit from now on; 0 is none. */
  public void limit(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
  }

  /** Waits until so many bytes may be received, or not any longer once it is cancelled. */
  public void take(int bytes, BooleanSupplier cancelled) throws InterruptedException {
    long wait = waitNanos(bytes);
    while (wait > 0 && !cancelled.getAsBoolean()) {
      long some = Math.min(wait, GLANCE_NANOS);
      TimeUnit.NANOSECONDS.sleep(some);
      wait -= some;
    }
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
