package io.divvy.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final RestartBudget budget = new RestartBudget(3, LONG);

  @Test
  void whoDiesTooOftenInARowIsNotStartedAgain() {
    assertThat(budget.died(SHORT, false)).isTrue();
    assertThat(budget.died(SHORT, false)).isTrue();
    assertThat(budget.died(SHORT, false)).isFalse();
  }

  @Test
  void whoIsKilledFromElsewhereIsStartedAgainMoreOften() {
    for (int kill = 1; kill <= 8; kill++) {
      assertThat(budget.died(SHORT, true)).isTrue();
    }
    assertThat(budget.died(SHORT, true)).isFalse();
  }

  @Test
  void whoDidSomethingMayDieAsOftenAgain() {
    budget.died(SHORT, false);
    budget.died(SHORT, false);
    budget.progressed();
    assertThat(budget.died(SHORT, false)).isTrue();
    assertThat(budget.died(SHORT, false)).isTrue();
    assertThat(budget.died(SHORT, false)).isFalse();
  }

  @Test
  void soMayWhoLivedLong() {
    budget.died(SHORT, false);
    budget.died(SHORT, false);
    assertThat(budget.died(LONG, false)).isTrue();
    assertThat(budget.died(SHORT, false)).isTrue();
    assertThat(budget.died(SHORT, false)).isFalse();
  }
}
