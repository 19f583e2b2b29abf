package io.divvy.node.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimTest {
  private static final String HOST = "127.0.0.1";

  @Test
  void theFirstPortIsTakenWhenItIsFree() {
    assertThat(Claim.port(HOST, 25710, List.of(), Set.of(), port -> true)).hasValue(25710);
  }

  @Test
  void portsThatAreRegisteredRefusedOrInUseAreSkipped() {
    assertThat(
            Claim.port(HOST, 25710, List.of(HOST + ":25710"), Set.of(25711), port -> port != 25712))
        .hasValue(25713);
  }

  @Test
  void aPortOfAnotherHostIsNotTaken() {
    assertThat(Claim.port(HOST, 25710, List.of("10.0.0.5:25710"), Set.of(), port -> true))
        .hasValue(25710);
  }

  @Test
  void afterTwoHundredItGivesUpAndNeverLeavesTheRange() {
    assertThat(Claim.port(HOST, 25710, List.of(), Set.of(), port -> port > 25910)).isEmpty();
    assertThat(Claim.port(HOST, 65535, List.of(), Set.of(), port -> port != 65535)).isEmpty();
  }

  @Test
  void namesComeFromPorts() {
    assertThat(Claim.name(HOST, 25710)).isEqualTo("n1");
    assertThat(Claim.name(HOST, 25910)).isEqualTo("n201");
    assertThat(Claim.name(HOST, 25911)).isEqualTo("n25911");
    assertThat(Claim.name("10.0.0.5", 25710)).isEqualTo("10.0.0.5-n1");
  }
}
