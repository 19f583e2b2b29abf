package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

  @Test
  void startsWithOneBlockAndAtMostDoubles() {
    Pace pace = new Pace();
    assertThat(pace.blocks()).isEqualTo(1);
    pace.measured(1, 0);
    assertThat(pace.blocks()).isEqualTo(2);
  }

  @Test
  void settlesWhereASliceTakesAboutTheTarget() {
    Pace pace = new Pace();
    for (int i = 0; i < 40; i++) {
      pace.measured(pace.blocks(), 3 * pace.blocks());
    }
    assertThat(pace.blocks()).isEqualTo(Pace.TARGET_NANOS / 3);
  }

  @Test
  void fallsAtOnceWhenBlocksBecomeSlow() {
    Pace pace = new Pace();
    pace.measured(1_000, 1_000_000);
    assertThat(pace.blocks()).isEqualTo(1_500);
    pace.measured(1_500, 1_500 * Pace.TARGET_NANOS);
    assertThat(pace.blocks()).isEqualTo(1);
  }
}
