package io.divvy.config;

import java.time.Duration;

/**
 * How a run keeps what it counted.
 *
 * @param commitInterval what was counted is on disk after this long
 * @param after a run that lasts this long gets a journal by itself
 * @param bufferBytes or one that has counted this much
 * @param keepFor one that was made by itself and not written for this long is deleted
 */
public record JournalSettings(
    Duration commitInterval, Duration after, long bufferBytes, Duration keepFor) {
  private static final long GIB = 1024 * 1024 * 1024;

  public JournalSettings {
    new Checks("divvy.journal")
        .atLeast("commit-interval", commitInterval, Duration.ofMillis(1))
        .holds(
            commitInterval.compareTo(Duration.ofSeconds(10)) <= 0,
            "commit-interval",
            Units.text(commitInterval),
            "at most 10s")
        .atLeast("after", after, Duration.ZERO)
        .bytesBetween("buffer", bufferBytes, 1024, GIB)
        .atLeast("keep-for", keepFor, Duration.ofHours(1))
        .done();
  }

  static JournalSettings from(Reader reader) {
    return new JournalSettings(
        reader.duration("journal.commit-interval"),
        reader.duration("journal.after"),
        reader.bytes("journal.buffer"),
        reader.duration("journal.keep-for"));
  }
}
