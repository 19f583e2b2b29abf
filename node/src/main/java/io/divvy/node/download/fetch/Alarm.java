package io.divvy.node.download.fetch;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Rings once when a time is over that can be stopped and go on. Used by one thread. */
final class Alarm implements AutoCloseable {
  private static final TimeUnit NANOS = TimeUnit.NANOSECONDS;

  private final ScheduledExecutorService clock;
  private final Runnable ring;
  private ScheduledFuture<?> running;

  /**
   * The time begins.
   *
   * @throws RejectedExecutionException when the clock has ended
   */
  Alarm(ScheduledExecutorService clock, long nanos, Runnable ring) {
    this.clock = clock;
    this.ring = ring;
    this.running = clock.schedule(ring, nanos, NANOS);
  }

  /** Something happens that takes none of the time. */
  void during(Waiting waiting) throws InterruptedException {
    if (!running.cancel(false)) {
      return; // it has rung
    }
    long left = Math.max(0, running.getDelay(NANOS));
    try {
      waiting.happen();
    } finally {
      running = clock.schedule(ring, left, NANOS);
    }
  }

  @Override
  public void close() {
    running.cancel(false);
  }

  /** What takes none of the time. */
  @FunctionalInterface
  interface Waiting {
    void happen() throws InterruptedException;
  }
}
