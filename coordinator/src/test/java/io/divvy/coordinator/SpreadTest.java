package io.divvy.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void slotsAreAskedOfEachNodeInTurn() {
    assertThat(Spread.over(List.of(4, 4, 4), 5, 9)).containsExactly(2, 2, 1);
  }

  @Test
  void aSmallNodeLeavesTheRestToTheOthers() {
    assertThat(Spread.over(List.of(1, 8), 6, 9)).containsExactly(1, 5);
  }

  @Test
  void nodesBeyondTheLimitAreAskedForNothing() {
    assertThat(Spread.over(List.of(2, 2, 2), 9, 2)).containsExactly(2, 2, 0);
  }

  @Test
  void withoutALimitEverySlotIsAskedFor() {
    assertThat(Spread.over(List.of(2, 3), Long.MAX_VALUE, Integer.MAX_VALUE)).containsExactly(2, 3);
  }

  @Test
  void noNodesAreAskedForNothing() {
    assertThat(Spread.over(List.of(), 5, 5)).isEmpty();
  }
}
