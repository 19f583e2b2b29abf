package io.divvy.config;

import java.time.Duration;

/**
 * How results travel.
 *
 * @param partBytes the most payload one message carries; well below the frame limit
 * @param windowBytes the most payload of one worker that is not yet acknowledged
 * @param flushInterval results of a chunk that takes longer are sent this often
 * @param resendInterval what is not acknowledged after this long is sent again
 */
public record ResultSettings(
    int partBytes, int windowBytes, Duration flushInterval, Duration resendInterval) {
  private static final long HALF_A_FRAME = 512 * 1024;
  private static final long GIB = 1024 * 1024 * 1024;

  public ResultSettings {
    new Checks("divvy.results")
        .bytesBetween("part-size", partBytes, 1024, HALF_A_FRAME)
        .bytesBetween("window", windowBytes, 2L * partBytes, GIB)
        .atLeast("flush-interval", flushInterval, Duration.ofMillis(1))
        .atLeast("resend-interval", resendInterval, Duration.ofMillis(10))
        .done();
  }

  static ResultSettings from(Reader reader) {
    return new ResultSettings(
        reader.intBytes("results.part-size"),
        reader.intBytes("results.window"),
        reader.duration("results.flush-interval"),
        reader.duration("results.resend-interval"));
  }
}
