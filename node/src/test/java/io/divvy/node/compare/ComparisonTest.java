package io.divvy.node.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.node.compare.Comparison.Per;
import io.divvy.node.model.Model;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void theMedianOverAllRoundsCounts() {
    assertThat(Quantiles.of(new double[] {3, 1, 2})).isEqualTo(new Quantiles(2, 1, 3));
    assertThat(Quantiles.of(new double[] {4, 1, 2, 3})).isEqualTo(new Quantiles(2.5, 1, 4));
  }

  @Test
  void speedupIsByTheMediansAndByTheTotals() {
    Comparison comparison =
        comparison(
            List.of(
                Samples.measured(Model.SEQUENTIAL, 1, 1, 0, 9, 4, 4),
                Samples.measured(Model.PROCESSES, 2, 2, 1.5, 7, 2, 2.5)));

    Comparison.Row processes = comparison.rows().get(1);
    assertThat(processes.speedup().orElseThrow()).isEqualTo(4 / 2.5);
    assertThat(processes.totalSeconds()).isEqualTo(1.5 + 2.5 + 0.5);
    assertThat(processes.speedupTotal().orElseThrow()).isCloseTo(4.5 / 4.5, within(1e-12));
    assertThat(processes.efficiency().orElseThrow()).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void nodesOnOneMachineShareItsCores() {
    assertThat(Comparison.usableCores(Samples.nodes("a", "a", "b"))).isEqualTo(4);
    assertThat(Comparison.usableCores(List.of())).isZero();
  }

  @Test
  void moreWorkersThanCoresAreNoReasonForLessEfficiency() {
    Comparison comparison =
        comparison(
            List.of(
                Samples.measured(Model.SEQUENTIAL, 1, 1, 0, 4),
                Samples.measured(Model.THREADS, 1, 8, 0, 2)));

    assertThat(comparison.rows().get(1).width()).isEqualTo(2);
    assertThat(comparison.rows().get(1).efficiency()).isEqualTo(OptionalDouble.of(1));
  }

  @Test
  void theSerialFractionIsThatOfKarpAndFlatt() {
    assertThat(Comparison.serialFraction(2, 2)).isEqualTo(OptionalDouble.of(0));
    assertThat(Comparison.serialFraction(1, 8)).isEqualTo(OptionalDouble.of(1));
    assertThat(Comparison.serialFraction(4, 8).orElseThrow()).isCloseTo(1.0 / 7, within(1e-12));
    assertThat(Comparison.serialFraction(1, 1)).isEmpty();
  }

  @Test
  void withoutABaselineThereIsNoSpeedup() {
    Comparison comparison = comparison(List.of(Samples.measured(Model.THREADS, 1, 2, 0, 2)));

    assertThat(comparison.rows().get(0).speedup()).isEmpty();
    assertThat(comparison.rows().get(0).efficiency()).isEmpty();
    assertThat(comparison.rows().get(0).serialFraction()).isEmpty();
  }

  @Test
  void answersAreIdenticalWhenEveryRunOfEveryModelHasTheSame() {
    Measured right = Samples.measured(Model.SEQUENTIAL, 1, 1, 0, 4, 4);
    Measured wrongOnce =
        new Measured(
            Model.THREADS,
            0,
            0,
            List.of(
                Samples.trial(Status.DONE, Samples.DIGEST, 1, 2, 2),
                Samples.trial(Status.DONE, "sha256:11", 1, 2, 2)),
            -1);
    Measured unfinished =
        new Measured(
            Model.THREADS,
            0,
            0,
            List.of(Samples.trial(Status.FAILED_ITEMS, Samples.DIGEST, 1, 2, 2)),
            -1);

    assertThat(comparison(List.of(right, right)).identical()).isTrue();
    assertThat(comparison(List.of(right, wrongOnce)).identical()).isFalse();
    assertThat(comparison(List.of(right, unfinished)).identical()).isFalse();
  }

  private static Comparison comparison(List<Measured> measured) {
    return Comparison.of(measured, Per.CORE);
  }
}
