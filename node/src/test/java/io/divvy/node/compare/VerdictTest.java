package io.divvy.node.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.node.compare.Comparison.Per;
import io.divvy.node.model.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final Measured ONE_THREAD = Samples.measured(Model.SEQUENTIAL, 1, 1, -0.5, 4);

  @Test
  void theFastestIsNamedWithWhatItGainsAndWhatOthersLost() {
    assertThat(
            verdict(
                ONE_THREAD,
                Samples.measured(Model.THREADS, 1, 2, -0.5, 2),
                Samples.measured(Model.PROCESSES, 2, 2, 1.5, 2.04)))
        .isEqualTo(
            "threads was fastest, 2.00 times as fast as one thread on 2 cores (4.00 s to 2.00 s),"
                + " hardly ahead of processes; processes needed 2.00 s more to start and stop its"
                + " nodes.");
  }

  @Test
  void whenOneThreadIsFasterItSaysSo() {
    assertThat(
            verdict(
                Samples.measured(Model.SEQUENTIAL, 1, 1, 0, 0.01),
                Samples.measured(Model.THREADS, 1, 2, 0, 0.02)))
        .isEqualTo(
            "One plain thread was fastest, with 0.0100 s; the next, threads, took 0.0200 s: this job"
                + " is too short to be worth sharing out.");
  }

  @Test
  void aStartThatCostsMoreThanItGainsIsTold() {
    assertThat(verdict(ONE_THREAD, Samples.measured(Model.PROCESSES, 2, 2, 3, 2)))
        .endsWith(
            "with starting and stopping it took 5.50 s, and one plain thread would have been"
                + " done sooner, in 4.00 s.");
  }

  @Test
  void differentAnswersAreTheVerdict() {
    assertThat(
            verdict(
                ONE_THREAD,
                new Measured(
                    Model.THREADS,
                    0,
                    0,
                    List.of(Samples.trial(Status.DONE, "sha256:11", 1, 2, 2)),
                    -1)))
        .startsWith("THE ANSWERS DIFFER")
        .contains("sequential sha256:00", "threads sha256:11");
  }

  @Test
  void aVerdictIsOneLineWhateverWasMeasured() {
    assertThat(verdict()).isEqualTo("Nothing was measured.");
    assertThat(verdict(ONE_THREAD)).isEqualTo("Only sequential was measured: 4.00 s.");
    assertThat(
            verdict(
                Samples.measured(Model.THREADS, 1, 2, 0, 2),
                Samples.measured(Model.PROCESSES, 1, 2, 0, 3)))
        .isEqualTo(
            "threads was fastest, with 2.00 s; processes needed 0.500 s more to start and"
                + " stop its nodes.");
  }

  private static String verdict(Measured... measured) {
    return Verdict.of(Comparison.of(List.of(measured), Per.CORE));
  }
}
