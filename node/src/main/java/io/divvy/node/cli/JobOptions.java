package io.divvy.node.cli;

import io.divvy.coordinator.Care;
import io.divvy.coordinator.Halt;
import io.divvy.node.input.UsageException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that run a job of numbers. */
final class JobOptions extends CommonOptions {

  private static final int DEFAULT_RETRIES = 1;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "Hand out N items at a time. Default: sized by the speed of each worker.")
  private @Nullable String chunk;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "Try a failed item N times more. Default: 1.")
  private @Nullable String retries;

  @Option(
      names = "--halt",
      paramLabel = "WHEN",
      description =
          "Give up once items have failed: never, first, N of them, or N%% of all. Default: never.")
  private @Nullable String halt;

  @Option(
      names = "--item-timeout",
      paramLabel = "SECONDS",
      description =
          "An item that is computed for longer is interrupted, and fails; such as 2.5 or 500ms. Of a"
              + " reduction, which computes many items at once, it is the time of one block."
              + " Default: no limit.")
  private @Nullable String itemTimeout;

  OptionalLong chunk() throws UsageException {
    return OptionText.number("--chunk", chunk, 1, Long.MAX_VALUE);
  }

  /** What is done about items that go wrong. */
  Care care() throws UsageException {
    long tries =
        OptionText.number("--retries", retries, 0, Integer.MAX_VALUE).orElse(DEFAULT_RETRIES);
    Halt when = halt == null ? Halt.Never.INSTANCE : OptionText.halt(halt);
    return new Care((int) tries, when, OptionText.time("--item-timeout", itemTimeout, false), 0);
  }
}
