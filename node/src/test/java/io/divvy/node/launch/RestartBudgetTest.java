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
    assertThat(budget.died(SHORT)).isTrue();
    assertThat(budget.died(SHORT)).isTrue();
    assertThat(budget.died(SHORT)).isFalse();
  }

  @Test
  void whoDidSomethingMayDieAsOftenAgain() {
    budget.died(SHORT);
    budget.died(SHORT);
    budget.progressed();
    assertThat(budget.died(SHORT)).isTrue();
    assertThat(budget.died(SHORT)).isTrue();
    assertThat(budget.died(SHORT)).isFalse();
  }

  @Test
  void soMayWhoLivedLong() {
    budget.died(SHORT);
    budget.died(SHORT);
    assertThat(budget.died(LONG)).isTrue();
    assertThat(budget.died(SHORT)).isTrue();
    assertThat(budget.died(SHORT)).isFalse();
  }
}
