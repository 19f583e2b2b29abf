package io.divvy.node;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Looks again and again until something is so; in vain for minutes, or for ever, is an error. */
final class Waiting {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private Waiting() {}

  /**
   * Waits until it is so.
   *
   * @param what what is waited for, in words
   * @param hopeless whether it can never be any more
   */
  static void until(String what, BooleanSupplier look, BooleanSupplier hopeless) {
    find(what, () -> look.getAsBoolean() ? Optional.of(what) : Optional.empty(), hopeless);
  }

  /** Waits until there is something, and answers it. */
  static <T> T find(String what, Supplier<Optional<T>> look, BooleanSupplier hopeless) {
    long begin = System.nanoTime();
    while (true) {
      boolean last = hopeless.getAsBoolean() || System.nanoTime() - begin > PATIENCE.toNanos();
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (last || Thread.currentThread().isInterrupted()) {
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
        throw new AssertionError("waited for " + seconds + " s, in vain: " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
