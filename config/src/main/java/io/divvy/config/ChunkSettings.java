package io.divvy.config;

import java.time.Duration;

/**
 * How long a chunk should take.
 *
 * @param minimumLocal at least this, when the worker is in the coordinator's JVM
 * @param minimumRemote at least this, when it is not
 * @param maximum at most this
 */
public record ChunkSettings(Duration minimumLocal, Duration minimumRemote, Duration maximum) {

  public ChunkSettings {
    new Checks("divvy.chunks")
        .atLeast("minimum-local", minimumLocal, Duration.ofMillis(1))
        .atLeast("minimum-remote", minimumRemote, Duration.ofMillis(1))
        .atMost("minimum-local", minimumLocal, "maximum", maximum)
        .atMost("minimum-remote", minimumRemote, "maximum", maximum)
        .done();
  }

  static ChunkSettings from(Reader reader) {
    return new ChunkSettings(
        reader.duration("chunks.minimum-local"),
        reader.duration("chunks.minimum-remote"),
        reader.duration("chunks.maximum"));
  }
}
