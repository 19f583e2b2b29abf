package io.divvy.node.download.fetch;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * So many bytes a second, over all that share it. What was not used is saved up for a tenth of a
 * second; who took more than there was waits until it is there.
 */
public final class TokenBucket implements Throttle {
  private static final double NANOS = 1e9;

  private final long bytesPerSecond;
  private final LongSupplier nanoTime;
  // The moment at which all bytes taken so far were allowed.
  private double paidUntil;

  public TokenBucket(long bytesPerSecond) {
    this(bytesPerSecond, System::nanoTime);
  }

  TokenBucket(long bytesPerSecond, LongSupplier nanoTime) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "the rate must be at least 1 byte a second, got " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.paidUntil = nanoTime.getAsLong();
  }

  @Override
  public synchronized Duration taken(int bytes) {
    long now = nanoTime.getAsLong();
    paidUntil = Math.max(paidUntil, now - NANOS / 10) + bytes * NANOS / bytesPerSecond;
    return Duration.ofNanos(Math.max(0, (long) (paidUntil - now)));
  }

  @Override
  public int atOnce() {
    return (int) Math.max(1, Math.min(bytesPerSecond / 20, 1 << 16));
  }
}
