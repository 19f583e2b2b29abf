package io.divvy.config;

import java.time.Duration;

/**
 * How often a run tells where it stands.
 *
 * @param terminalInterval on a terminal
 * @param lineInterval elsewhere, where every report is a line
 */
public record ProgressSettings(Duration terminalInterval, Duration lineInterval) {

  public ProgressSettings {
    new Checks("divvy.progress")
        .atLeast("terminal-interval", terminalInterval, Duration.ofMillis(20))
        .atLeast("line-interval", lineInterval, Duration.ofMillis(100))
        .done();
  }

  static ProgressSettings from(Reader reader) {
    return new ProgressSettings(
        reader.duration("progress.terminal-interval"), reader.duration("progress.line-interval"));
  }
}
