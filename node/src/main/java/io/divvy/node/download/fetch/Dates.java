package io.divvy.node.download.fetch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Moments in headers. */
final class Dates {
  // So far apart that a difference between two clocks of the server does not matter.
  private static final Duration SETTLED = Duration.ofSeconds(60);

  private Dates() {}

  static Optional<Instant> parse(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * How long {@code Retry-After} asks to wait: seconds, or a moment, which is compared with the
   * clock of who said it where that is known.
   */
  static Optional<Duration> retryAfter(String text, Optional<Instant> said, Instant now) {
    String value = text.strip();
    if (value.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    return parse(value)
        .map(moment -> Duration.between(said.orElse(now), moment))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }

  /** Whether a file that was changed then, seen at that moment, cannot have changed again since. */
  static boolean settled(Instant changed, Optional<Instant> seen) {
    return seen.isPresent() && !changed.plus(SETTLED).isAfter(seen.get());
  }
}
