package io.divvy.node.cli;

import io.divvy.node.model.Model;
import io.divvy.node.model.Workforce;
import io.divvy.node.report.Figures;
import java.util.OptionalInt;

/**
 * The workers and nodes a model will use, so far as that is known before it starts.
 *
 * @param workers empty: all that the cluster offers
 * @param nodes empty: all that the cluster has
 */
record Allotment(Model model, OptionalInt workers, OptionalInt nodes) {

  /** What {@code model} makes of what was asked for, on a machine with that many usable cores. */
  static Allotment of(Model model, Workforce asked, int usableCores) {
    return switch (model) {
      case SEQUENTIAL -> new Allotment(model, OptionalInt.of(1), OptionalInt.of(1));
      case THREADS ->
          new Allotment(
              model, OptionalInt.of(asked.workers().orElse(usableCores)), OptionalInt.of(1));
      case PROCESSES -> {
        int workers =
            asked.workers().orElse(Math.max(usableCores, asked.nodes().orElse(usableCores)));
        yield new Allotment(
            model, OptionalInt.of(workers), OptionalInt.of(asked.nodes().orElse(workers)));
      }
      case CLUSTER -> new Allotment(model, asked.workers(), asked.nodes());
    };
  }

  /** What was asked for, with the numbers of workers and nodes that the model makes of it. */
  Workforce of(Workforce asked) {
    return new Workforce(workers, nodes, asked.join(), asked.heap(), asked.host());
  }

  /** In words: {@code processes, 2 nodes, 2 workers}. */
  String words() {
    return switch (model) {
      case SEQUENTIAL -> "sequential, one thread";
      case THREADS -> "threads, " + Figures.counted(workers.orElse(1), "worker");
      case PROCESSES ->
          "processes, "
              + Figures.counted(nodes.orElse(1), "node")
              + ", "
              + Figures.counted(workers.orElse(1), "worker");
      case CLUSTER ->
          "cluster, "
              + atMost(nodes, "node", "all its nodes")
              + ", "
              + atMost(workers, "worker", "all workers they offer");
    };
  }

  private static String atMost(OptionalInt limit, String thing, String all) {
    return limit.isPresent() ? "at most " + Figures.counted(limit.getAsInt(), thing) : all;
  }
}
