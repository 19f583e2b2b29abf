package io.divvy.protocol;

import io.divvy.job.Numbers;
import java.util.Map;

/**
 * A job as a node needs to know it.
 *
 * @param kind the name of its kind
 * @param fingerprint which code the kind must have; a node whose kind differs refuses the run
 * @param parameters the kind's parameters by name, all of them, as text
 * @param first the first number of the input
 * @param step the distance between its numbers
 * @param count how many numbers there are
 * @param wanted what to send with each value
 */
public record JobSpec(
    String kind,
    String fingerprint,
    Map<String, String> parameters,
    long first,
    long step,
    long count,
    Wanted wanted) {

  public JobSpec {
    parameters = Map.copyOf(parameters);
  }

  /** The input. */
  public Numbers numbers() {
    return new Numbers(first, step, count);
  }

  /**
   * What travels beside the canonical bytes of each value of a map kind. Lines are formatted where
   * the value was computed, and only when somebody reads them.
   */
  public record Wanted(boolean lines, boolean displayLines) {}
}
