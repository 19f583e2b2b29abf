package io.divvy.coordinator.download;

import io.divvy.protocol.Tried;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Whether, and when, a URL is tried again after a failed try.
 *
 * @param most how many tries may follow the first
 * @param longestWaitNanos the longest wait that a server may ask for
 * @param random from 0 to 1
 */
public record Retries(int most, long longestWaitNanos, DoubleSupplier random) {

  private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

  /** What follows a failed try. */
  public sealed interface Next {}

  /** Another try, after so long. */
  public record Again(long waitNanos) implements Next {}

  /** No further try. */
  public record GiveUp(Tried.Broken broken) implements Next {}

  /**
   * What follows.
   *
   * @param failedTries how many tries failed, this one included
   */
  public Next after(Tried.Broken broken, int failedTries) {
    if (!broken.retryable() || failedTries > most) {
      return new GiveUp(broken);
    }
    if (broken.retryAfterMillis() < 0) {
      return new Again(backOff(failedTries - 1, LONGEST, random.getAsDouble()));
    }
    long asked = TimeUnit.MILLISECONDS.toNanos(broken.retryAfterMillis());
    return asked <= longestWaitNanos ? new Again(asked) : new GiveUp(tooLong(broken));
  }

  private Tried.Broken tooLong(Tried.Broken broken) {
    return new Tried.Broken(
        broken.cause(),
        broken.text()
            + "; the server asks to wait "
            + TimeUnit.MILLISECONDS.toSeconds(broken.retryAfterMillis())
            + " s, more than the "
            + TimeUnit.NANOSECONDS.toSeconds(longestWaitNanos)
            + " s that are waited at most",
        broken.httpStatus(),
        false,
        broken.retryAfterMillis(),
        broken.finalUrl(),
        broken.seconds());
  }

  /** Up to twice as long each time, and at random: those that failed together come back apart. */
  static long backOff(int before, long longest, double random) {
    long most = Math.min(longest, SHORTEST << Math.min(before, 20));
    return (long) (most * random);
  }
}
