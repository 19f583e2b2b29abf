package io.divvy.node.compare;

import io.divvy.coordinator.RunOutcome;
import io.divvy.node.model.Model;
import io.divvy.protocol.NodeInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The figures of a comparison. Only calculates.
 *
 * @param identical whether all answers are the same; where there is none, that is not so
 */
public record Comparison(List<Row> rows, boolean identical) {

  /**
   * The figures of one model.
   *
   * @param cores how many cores its workers can keep busy: as many as there are workers, but no
   *     more than its machines have
   * @param totalSeconds starting its nodes, the median run, and stopping them
   * @param speedup how many times as fast as one plain thread; empty when that was not measured
   * @param speedupTotal the same by {@code totalSeconds}
   * @param efficiency the speedup by the cores: 1 when each does all it can
   * @param serialFraction how much of the job behaves as if it could not be shared out, after Karp
   *     and Flatt; empty on one core
   * @param account where the slots' time went, in the run in the middle
   */
  public record Row(
      Model model,
      int nodes,
      int workers,
      int cores,
      Spread seconds,
      double totalSeconds,
      OptionalDouble speedup,
      OptionalDouble speedupTotal,
      OptionalDouble efficiency,
      OptionalDouble serialFraction,
      long memoryBytes,
      String digest,
      Map<String, Double> account) {}

  public Comparison {
    rows = List.copyOf(rows);
  }

  /** The figures of what was measured, in that order. */
  public static Comparison of(List<Measured> measured) {
    Optional<Measured> baseline =
        measured.stream().filter(model -> model.model() == Model.SEQUENTIAL).findFirst();
    return new Comparison(
        measured.stream().map(model -> row(model, baseline)).toList(), identical(measured));
  }

  private static Row row(Measured measured, Optional<Measured> baseline) {
    RunOutcome typical = measured.typical();
    int cores = Math.max(1, Math.min(typical.workers(), usableCores(typical.nodes())));
    Spread seconds = measured.seconds();
    OptionalDouble speedup =
        quotient(baseline.map(base -> base.seconds().median()), seconds.median());
    return new Row(
        measured.model(),
        typical.nodes().size(),
        typical.workers(),
        cores,
        seconds,
        total(measured),
        speedup,
        quotient(baseline.map(Comparison::total), total(measured)),
        speedup.isPresent()
            ? OptionalDouble.of(speedup.getAsDouble() / cores)
            : OptionalDouble.empty(),
        speedup.isPresent() ? serialFraction(speedup.getAsDouble(), cores) : speedup,
        measured.memoryBytes(),
        typical.digest(),
        typical.account());
  }

  /**
   * The usable cores of the machines the nodes are on; two nodes on one machine share its cores.
   */
  static int usableCores(List<NodeInfo> nodes) {
    Map<String, Integer> coresByMachine = new HashMap<>();
    for (NodeInfo node : nodes) {
      coresByMachine.merge(node.machine(), node.cores(), Math::max);
    }
    return coresByMachine.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The serial fraction that explains this speedup on that many cores, after Karp and Flatt. */
  static OptionalDouble serialFraction(double speedup, int cores) {
    return cores == 1 || speedup == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((1 / speedup - 1.0 / cores) / (1 - 1.0 / cores));
  }

  private static double total(Measured measured) {
    return measured.startSeconds() + measured.seconds().median() + measured.stopSeconds();
  }

  private static OptionalDouble quotient(Optional<Double> baseline, double seconds) {
    return baseline.isEmpty() || seconds == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(baseline.get() / seconds);
  }

  private static boolean identical(List<Measured> measured) {
    return measured.stream()
            .flatMap(model -> model.outcomes().stream())
            .map(outcome -> List.of(outcome.status(), outcome.digest()))
            .distinct()
            .count()
        == 1;
  }
}
