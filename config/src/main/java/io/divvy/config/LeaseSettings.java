package io.divvy.config;

import java.time.Duration;

/**
 * How node and coordinator tell that the other is gone.
 *
 * @param renewInterval how often each says that it lives
 * @param duration a chunk that no renewal names for this long is handed out again
 * @param orphaned a node drops a run this long after the run's liveness connection closed
 * @param silence a node drops a run whose coordinator was not heard for this long
 */
public record LeaseSettings(
    Duration renewInterval, Duration duration, Duration orphaned, Duration silence) {

  public LeaseSettings {
    new Checks("divvy.leases")
        .atLeast("renew-interval", renewInterval, Duration.ofMillis(10))
        .moreThanTwice("duration", duration, "renew-interval", renewInterval)
        .atLeast("orphaned", orphaned, Duration.ofMillis(10))
        .moreThanTwice("silence", silence, "renew-interval", renewInterval)
        .done();
  }

  static LeaseSettings from(Reader reader) {
    return new LeaseSettings(
        reader.duration("leases.renew-interval"),
        reader.duration("leases.duration"),
        reader.duration("leases.orphaned"),
        reader.duration("leases.silence"));
  }
}
