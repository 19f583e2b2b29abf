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
    Duration renewInterval, Duration duration, Duration orphaned, Duration silence) {}
