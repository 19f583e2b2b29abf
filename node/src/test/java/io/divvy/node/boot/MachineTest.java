package io.divvy.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {

  @Test
  void thisProcessHasAStartThatStaysTheSame() {
    long pid = ProcessHandle.current().pid();
    assertThat(Machine.startOf(pid)).isPresent().isEqualTo(Machine.startOf(pid));
  }

  @Test
  void aProcessThatIsNotThereHasNone() {
    assertThat(Machine.startOf(Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void aZombieIsNotThere() {
    String fields = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
    assertThat(Machine.startInStat("7 (a (b) c) S" + fields).orElseThrow()).endsWith("tick 4711");
    assertThat(Machine.startInStat("7 (a (b) c) Z" + fields)).isEmpty();
  }

  @Test
  void theMachineIsTheSameEachTime() {
    assertThat(Machine.id()).isEqualTo(Machine.id()).matches("[0-9a-f]{16}");
  }
}
