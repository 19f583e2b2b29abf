package io.divvy.node.cli;

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

  OptionalLong chunk() throws UsageException {
    return OptionText.number("--chunk", chunk, 1, Long.MAX_VALUE);
  }

  int retries() throws UsageException {
    return (int)
        OptionText.number("--retries", retries, 0, Integer.MAX_VALUE).orElse(DEFAULT_RETRIES);
  }
}
