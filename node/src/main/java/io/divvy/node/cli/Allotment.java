package io.divvy.node.cli;

import io.divvy.node.input.UsageException;
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

  /**
   * The most workers of one JVM. Each has a thread of its own, and a machine has some ten thousands
   * of those in all; beyond that nobody on it can start anything.
   */
  static final int MOST_WORKERS = 10_000;

  /** The most JVMs that are started here, where there are not more for each core. */
  private static final int MOST_NODES = 64;

  private static final int MOST_NODES_PER_CORE = 4;

  /**
   * What {@code model} makes of what was asked for, on a machine with that many usable cores.
   *
   * @throws UsageException when that is more than a machine can bear
   */
  static Allotment of(Model model, Workforce asked, int usableCores) throws UsageException {
    Allotment allotment = unlimited(model, asked, usableCores);
    if (model != Model.CLUSTER) {
      allotment.check(usableCores);
    }
    return allotment;
  }

  private void check(int usableCores) throws UsageException {
    int nodes = this.nodes.orElse(1);
    long workers = this.workers.orElse(1);
    long mostNodes = Math.max(MOST_NODES, (long) MOST_NODES_PER_CORE * usableCores);
    if (nodes > mostNodes) {
      throw new UsageException(
          model.word()
              + " would start "
              + nodes
              + " JVMs on this machine, allowed are at most "
              + mostNodes
              + "; give fewer --nodes");
    }
    if (workers > (long) MOST_WORKERS * nodes) {
      throw new UsageException(
          "--workers is '"
              + workers
              + "', but one JVM can have at most "
              + MOST_WORKERS
              + "; give fewer, or use more nodes");
    }
  }

  private static Allotment unlimited(Model model, Workforce asked, int usableCores) {
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
