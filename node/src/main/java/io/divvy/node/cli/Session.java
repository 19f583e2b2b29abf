package io.divvy.node.cli;

import io.divvy.node.input.UsageException;
import io.divvy.node.kinds.Kinds;
import io.divvy.node.report.Console;
import java.util.Map;

/**
 * One call of the program, and what surrounds it.
 *
 * @param environment the environment variables
 * @param startedNanos when it began, as {@link System#nanoTime()}
 */
record Session(Engine engine, Console console, Map<String, String> environment, long startedNanos) {

  /** How long the call has lasted. */
  double seconds() {
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  /** The kinds there are. */
  Kinds kinds() throws UsageException {
    return Kinds.of(Session.class.getClassLoader());
  }

  /** An environment variable, empty when it is not set. */
  String variable(String name) {
    return environment.getOrDefault(name, "").strip();
  }
}
