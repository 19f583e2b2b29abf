package io.divvy.node.compare;

import io.divvy.node.model.Model;
import java.util.Comparator;
import java.util.List;

/**
 * What was measured of one model.
 *
 * @param startSeconds how long its nodes took to start
 * @param stopSeconds how long they took to stop
 * @param trials its runs, at least one
 * @param memoryBytes the peak of the memory of all its JVMs together, or -1
 */
public record Measured(
    Model model, double startSeconds, double stopSeconds, List<Trial> trials, long memoryBytes) {

  public Measured {
    trials = List.copyOf(trials);
    if (trials.isEmpty()) {
      throw new IllegalArgumentException("no run of " + model.word());
    }
  }

  Quantiles seconds() {
    return Quantiles.of(trials.stream().mapToDouble(Trial::seconds).toArray());
  }

  /** The run in the middle; of an even number the faster of the two. */
  Trial typical() {
    return trials.stream()
        .sorted(Comparator.comparingDouble(Trial::seconds))
        .toList()
        .get((trials.size() - 1) / 2);
  }
}
