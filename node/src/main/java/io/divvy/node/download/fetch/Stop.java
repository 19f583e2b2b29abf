package io.divvy.node.download.fetch;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends one transfer from another thread: whatever it waits for, it waits no longer. */
final class Stop {
  private final CountDownLatch stopped = new CountDownLatch(1);
  private @Nullable Cause why;
  private Runnable waiting = () -> {};

  synchronized void because(Cause cause) {
    if (why == null) {
      why = cause;
      stopped.countDown();
    }
    waiting.run();
  }

  /** What the transfer waits for from now on, and how to end that. */
  synchronized void ends(Runnable action) {
    waiting = action;
    if (why != null) {
      action.run();
    }
  }

  synchronized Optional<Cause> why() {
    return Optional.ofNullable(why);
  }

  void pause(Duration time) throws InterruptedIOException {
    try {
      if (!time.isZero() && stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new InterruptedIOException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
