package io.divvy.node.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.input.UsageException;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrillPlanTest {

  private static DrillPlan parse(String text) throws UsageException {
    return DrillPlan.parse(text, time -> Duration.ofSeconds(time.charAt(0) - '0'));
  }

  @Test
  void drillsHappenInTheOrderOfTheirShares() throws UsageException {
    assertThat(parse("pause-worker@60%:2s, kill-coordinator@80%,kill-worker@4.5%").drills())
        .containsExactly(
            new Drill(Fault.KILL_WORKER, new BigDecimal("4.5"), Duration.ZERO),
            new Drill(Fault.PAUSE_WORKER, new BigDecimal("60"), Duration.ofSeconds(2)),
            new Drill(Fault.KILL_COORDINATOR, new BigDecimal("80"), Duration.ZERO));
  }

  @Test
  void aPauseLastsEightSecondsUnlessTold() throws UsageException {
    assertThat(parse("pause-worker@60%").drills().get(0).pause()).isEqualTo(Duration.ofSeconds(8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "kill-worker",
        "kill-worker@40",
        "kill-worker@0%",
        "kill-worker@100%",
        "kill-worker@40%:8s",
        "kill-worker@40%,",
        "kill-worker@-1%"
      })
  void whatIsNoDrillIsToldWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("pause-worker@P%:TIME")
        .hasMessageNotContaining("\n");
  }

  @Test
  void anUnknownFaultIsToldWithThoseThereAre() {
    assertThatThrownBy(() -> parse("kill-wroker@40%"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("kill-wroker")
        .hasMessageContaining("kill-worker");
  }

  @Test
  void aDrillIsDueOnceItsShareIsCounted() {
    Drill drill = new Drill(Fault.KILL_WORKER, new BigDecimal("40"), Duration.ZERO);
    assertThat(drill.due(39, 100)).isFalse();
    assertThat(drill.due(40, 100)).isTrue();
    assertThat(drill.due(Long.MAX_VALUE / 2, Long.MAX_VALUE)).isTrue();
  }
}
