package io.divvy.node.download.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How fetching a URL once ended. */
public sealed interface Outcome {
  /** The answer at the end of the redirects, 0 when there was none. */
  int httpStatus();

  /** Where the redirects led, as far as they were followed; never with a password. */
  URI finalUrl();

  /**
   * The target has all of it.
   *
   * @param bytes those that are stored, those from earlier attempts included
   */
  record Fetched(Facts facts, long bytes) implements Outcome {
    @Override
    public int httpStatus() {
      return facts.httpStatus();
    }

    @Override
    public URI finalUrl() {
      return facts.finalUrl();
    }
  }

  /**
   * The target does not have all of it; what it has may be the start.
   *
   * @param text one line, without control characters
   * @param retryable whether it may go well another time
   * @param retryAfter how long the server asks to be left alone
   */
  record Broken(
      Cause cause,
      String text,
      int httpStatus,
      boolean retryable,
      Optional<Duration> retryAfter,
      URI finalUrl)
      implements Outcome {}
}
