package io.divvy.config;

import java.time.Duration;

/**
 * How long a chunk should take.
 *
 * @param minimumLocal at least this, when the worker is in the coordinator's JVM
 * @param minimumRemote at least this, when it is not
 * @param maximum at most this
 */
public record ChunkSettings(Duration minimumLocal, Duration minimumRemote, Duration maximum) {}
