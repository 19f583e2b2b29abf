package io.divvy.node.compare;

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
 * @param per what efficiencies are by
 */
public record Comparison(List<Row> rows, boolean identical, Per per) {

  /** What an efficiency is the speedup by. */
  public enum Per {
    /** Computing keeps cores busy. */
    CORE("core", "workers", "ANSWERS"),
    /** Fetching waits for bytes; many more connections than cores pay. */
    CONNECTION("connection", "connections", "FILES");

    private final String word;
    private final String workers;
    private final String results;

    Per(String word, String workers, String results) {
      this.word = word;
      this.workers = workers;
      this.results = results;
    }

    String word() {
      return word;
    }

    /** What works: the head of a column. */
    String workers() {
      return workers;
    }

    /** What models have to agree on, shouted. */
    public String results() {
      return results;
    }
  }

  /**
   * The figures of one model.
   *
   * @param width how many cores its workers can keep busy: as many as there are workers, but no
   *     more than its machines have; of a download, how many connections it could use
   * @param totalSeconds starting its nodes, the median run, and stopping them
   * @param speedup how many times as fast as one plain thread; empty when that was not measured
   * @param speedupTotal the same by {@code totalSeconds}
   * @param efficiency the speedup by the width: 1 when each does all it can
   * @param serialFraction how much of the job behaves as if it could not be shared out, after Karp
   *     and Flatt; empty for a width of 1
   * @param account where the slots' time went, in the run in the middle
   */
  public record Row(
      Model model,
      int nodes,
      int workers,
      int width,
      Quantiles seconds,
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
  public static Comparison of(List<Measured> measured, Per per) {
    Optional<Measured> baseline =
        measured.stream().filter(model -> model.model() == Model.SEQUENTIAL).findFirst();
    return new Comparison(
        measured.stream().map(model -> row(model, baseline)).toList(), identical(measured), per);
  }

  private static Row row(Measured measured, Optional<Measured> baseline) {
    Trial typical = measured.typical();
    int width = typical.width();
    Quantiles seconds = measured.seconds();
    OptionalDouble speedup =
        quotient(baseline.map(base -> base.seconds().median()), seconds.median());
    return new Row(
        measured.model(),
        typical.nodes(),
        typical.workers(),
        width,
        seconds,
        total(measured),
        speedup,
        quotient(baseline.map(Comparison::total), total(measured)),
        speedup.isPresent()
            ? OptionalDouble.of(speedup.getAsDouble() / width)
            : OptionalDouble.empty(),
        speedup.isPresent() ? serialFraction(speedup.getAsDouble(), width) : speedup,
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

  /** The serial fraction that explains this speedup by that width, after Karp and Flatt. */
  static OptionalDouble serialFraction(double speedup, int width) {
    return width == 1 || speedup == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((1 / speedup - 1.0 / width) / (1 - 1.0 / width));
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
            .flatMap(model -> model.trials().stream())
            .map(trial -> List.of(trial.status(), trial.digest()))
            .distinct()
            .count()
        == 1;
  }
}
