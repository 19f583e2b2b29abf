package io.divvy.node.cli;

import io.divvy.coordinator.RunOutcome;

/** The exit codes of all commands. */
public final class ExitCodes {

  /** All done. */
  public static final int DONE = 0;

  /** Some items failed, the job was halted, answers differ, output broke off, or a bug. */
  public static final int FAILED = 1;

  /** Wrong usage or configuration; nothing was started. */
  public static final int USAGE = 2;

  /** No node reachable, or all lost. */
  public static final int UNREACHABLE = 3;

  /** Interrupted. The JVM itself ends with 130, 143 or 129 after SIGINT, SIGTERM or SIGHUP. */
  public static final int INTERRUPTED = 130;

  /** Nobody reads stdout any more, as after {@code | head}: what SIGPIPE gives other programs. */
  public static final int READER_LEFT = 141;

  private ExitCodes() {}

  static int of(RunOutcome.Status status) {
    return switch (status) {
      case DONE -> DONE;
      case FAILED_ITEMS, HALTED -> FAILED;
      case LOST -> UNREACHABLE;
      case INTERRUPTED -> INTERRUPTED;
    };
  }
}
