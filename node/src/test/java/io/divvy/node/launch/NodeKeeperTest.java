package io.divvy.node.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeKeeperTest {

  @ParameterizedTest
  @CsvSource({
    "0, true, false",
    "0, false, false",
    "2, true, false",
    "3, true, false",
    "3, false, true",
    "1, true, true",
    "76, true, true",
    "137, false, true"
  })
  void aNodeIsStartedAgainUnlessItLeftOrCannotBe(int code, boolean first, boolean again) {
    assertThat(NodeKeeper.startsAgain(code, first)).isEqualTo(again);
  }
}
