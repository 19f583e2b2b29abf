package io.divvy.node.compare;

import io.divvy.coordinator.RunOutcome;
import io.divvy.node.model.Model;
import java.util.Comparator;
import java.util.List;

/**
 * What was measured of one model.
 *
 * @param startSeconds how long its nodes took to start
 * @param stopSeconds how long they took to stop
 * @param outcomes its runs, at least one
 * @param memoryBytes the peak of the memory of all its JVMs together, or -1
 */
public record Measured(
    Model model,
    double startSeconds,
    double stopSeconds,
    List<RunOutcome> outcomes,
    long memoryBytes) {

  public Measured {
    outcomes = List.copyOf(outcomes);
    if (outcomes.isEmpty()) {
      throw new IllegalArgumentException("no run of " + model.word());
    }
  }

  Spread seconds() {
    return Spread.of(outcomes.stream().mapToDouble(RunOutcome::seconds).toArray());
  }

  /** The run in the middle; of an even number the faster of the two. */
  RunOutcome typical() {
    return outcomes.stream()
        .sorted(Comparator.comparingDouble(RunOutcome::seconds))
        .toList()
        .get((outcomes.size() - 1) / 2);
  }
}
