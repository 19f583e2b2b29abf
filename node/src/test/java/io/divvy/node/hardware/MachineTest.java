package io.divvy.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MachineTest {

  @Test
  void thisMachineIsKnown() {
    Machine machine = Machine.read();
    assertThat(machine.problem()).isEmpty();
    assertThat(machine.usableCores()).isEqualTo(Cores.usable()).isPositive();
    assertThat(machine.logicalProcessors().orElseThrow())
        .isGreaterThanOrEqualTo(machine.physicalCores().orElseThrow());
    assertThat(machine.memoryBytes().orElseThrow())
        .isGreaterThan(machine.availableMemoryBytes().orElseThrow());
    assertThat(machine.architecture()).isEqualTo(System.getProperty("os.arch"));
  }

  @Test
  void whenTheLibraryFailsTheRestIsToldAndTheCauseNamed() {
    Machine machine =
        Machine.read(
            () -> {
              throw new UnsatisfiedLinkError("no jnidispatch");
            });
    assertThat(machine.model()).isEqualTo("unknown");
    assertThat(machine.physicalCores()).isEmpty();
    assertThat(machine.usableCores()).isPositive();
    assertThat(machine.problem().orElseThrow()).contains("no jnidispatch");
  }

  @Test
  void theReasonNamesWhatDecides() {
    assertThat(Machine.reason(2, OptionalInt.of(8), limit(1.5)))
        .isEqualTo("the container is limited to 1.5 cores");
    assertThat(Machine.reason(8, OptionalInt.of(8), noLimit()))
        .isEqualTo("all logical processors, no limit");
    assertThat(Machine.reason(2, OptionalInt.of(8), noLimit()))
        .startsWith("Java may use 2 of 8 logical processors");
    assertThat(Machine.reason(2, OptionalInt.of(8), limit(4)))
        .startsWith("Java may use 2 of 8 logical processors");
    assertThat(Machine.reason(8, OptionalInt.of(8), limit(16)))
        .isEqualTo("all logical processors, fewer than the container's limit of 16");
    assertThat(Machine.reason(2, OptionalInt.empty(), noLimit()))
        .isEqualTo("Java counts so many processors");
  }

  private static ContainerLimits noLimit() {
    return new ContainerLimits(OptionalDouble.empty(), OptionalLong.empty());
  }

  private static ContainerLimits limit(double cores) {
    return new ContainerLimits(OptionalDouble.of(cores), OptionalLong.empty());
  }
}
