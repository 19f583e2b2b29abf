package io.divvy.node.member;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {

  @Test
  void thisProcessHasAStartThatStaysTheSame() {
    long pid = ProcessHandle.current().pid();
    assertThat(Processes.startOf(pid)).isPresent().isEqualTo(Processes.startOf(pid));
  }

  @Test
  void aProcessThatIsNotThereHasNone() {
    assertThat(Processes.startOf(Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void aZombieIsNotThere() {
    String fields = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
    assertThat(Processes.startInStat("7 (a (b) c) S" + fields).orElseThrow()).endsWith("tick 4711");
    assertThat(Processes.startInStat("7 (a (b) c) Z" + fields)).isEmpty();
  }

  @Test
  void theMachineIsTheSameEachTime() {
    assertThat(Processes.space()).isEqualTo(Processes.space()).matches("[0-9a-f]{16}");
  }
}
