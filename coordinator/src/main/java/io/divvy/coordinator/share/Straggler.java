package io.divvy.coordinator.share;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The attempt to stop early for slots that have nothing to do.
 *
 * @param attempt which
 * @param keep the share of its unstarted items to keep, from 0 to 1
 */
public record Straggler(long attempt, double keep) {

  /**
   * An attempt in flight that might be stopped early.
   *
   * @param left how many of its items no result has reported
   * @param rate items per nanosecond of its worker, 0 when nobody knows
   * @param started whether its worker computes it, rather than something before it
   * @param asked whether it was asked already
   * @param head whether results of others wait for its items
   * @param <W> how a worker is named
   */
  public record Candidate<W>(
      long attempt,
      W worker,
      long left,
      double rate,
      boolean started,
      boolean asked,
      boolean head) {}

  /** A candidate, and how long its worker has to compute until it is through with it. */
  private record Timed<W>(Candidate<W> candidate, double nanos) {}

  /**
   * Whom to stop early: who holds up the results of others, or else who would end last.
   *
   * @param candidates of one worker in the order in which it computes them
   * @param block what cannot be cut apart
   * @param thresholdNanos who ends sooner than this is left alone
   * @param idleRate of the slots that would take the rest, 0 when nobody knows
   */
  public static <W> Optional<Straggler> choose(
      List<Candidate<W>> candidates, long block, long thresholdNanos, double idleRate) {
    // A block that the idle would end later than the busy one ends everything stays where it is.
    double blockNanos = idleRate == 0 ? 0 : block / idleRate;
    return timed(candidates)
        .filter(timed -> cuttable(timed.candidate(), block))
        .filter(timed -> timed.nanos() > Math.max((double) thresholdNanos, blockNanos))
        .max(
            Comparator.comparing((Timed<W> timed) -> timed.candidate().head())
                .thenComparingDouble(Timed::nanos))
        .map(timed -> new Straggler(timed.candidate().attempt(), keep(timed, idleRate)));
  }

  /** In the given order, so that each comes after what its worker computes before it. */
  private static <W> Stream<Timed<W>> timed(List<Candidate<W>> candidates) {
    Map<W, Double> until = new HashMap<>();
    return candidates.stream()
        .map(
            candidate ->
                new Timed<>(
                    candidate, until.merge(candidate.worker(), nanos(candidate), Double::sum)));
  }

  private static boolean cuttable(Candidate<?> candidate, long block) {
    long least = candidate.started() ? 2 * block : 1;
    return !candidate.asked() && candidate.left() >= least;
  }

  /** What waits behind other work of its worker is given away first. */
  private static double keep(Timed<?> timed, double idleRate) {
    Candidate<?> candidate = timed.candidate();
    if (Double.isInfinite(timed.nanos())) {
      return candidate.started() ? 0.5 : 0;
    }
    double idle = idleRate == 0 ? candidate.rate() : idleRate;
    double given = timed.nanos() * candidate.rate() * idle / (candidate.rate() + idle);
    return Math.max(0, 1 - given / candidate.left());
  }

  private static double nanos(Candidate<?> candidate) {
    return candidate.rate() == 0 ? Double.POSITIVE_INFINITY : candidate.left() / candidate.rate();
  }
}
