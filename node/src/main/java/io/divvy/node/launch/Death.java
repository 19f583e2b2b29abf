package io.divvy.node.launch;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a child ended.
 *
 * @param exitCode as the system tells it; above 128 it was a signal
 * @param lastLines what it printed last
 */
public record Death(int exitCode, List<String> lastLines) {
  /** A child gave back its work and ended, since one of its threads could not be stopped. */
  public static final int THREAD_NOT_STOPPED = 75;

  private static final int SIGNALLED = 128;
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9,
          "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private static final Set<Integer> FROM_OUTSIDE = Set.of(1, 2, 9, 15);

  public Death {
    lastLines = List.copyOf(lastLines);
  }

  /** In a few words, for people: {@code killed by SIGKILL}, {@code ran out of memory}. */
  public String words() {
    if (lastLines.stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"))) {
      return "ran out of memory (exit code " + exitCode + ")";
    }
    if (exitCode > SIGNALLED && exitCode < SIGNALLED + 65) {
      int signal = exitCode - SIGNALLED;
      return "killed by " + SIGNALS.getOrDefault(signal, "signal " + signal);
    }
    if (exitCode == THREAD_NOT_STOPPED) {
      return "ended, since an item in it did not stop (exit code " + exitCode + ")";
    }
    return "ended with exit code " + exitCode;
  }

  /** Whether somebody else ended it, by a signal that a JVM does not send itself. */
  public boolean fromOutside() {
    return FROM_OUTSIDE.contains(exitCode - SIGNALLED);
  }

  /** The words, and the last line it printed if there is one. */
  public String text() {
    return lastLines.isEmpty()
        ? words()
        : words() + ": " + lastLines.get(lastLines.size() - 1).strip();
  }
}
