package io.divvy.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLimitsTest {
  private static final ContainerLimits NONE =
      new ContainerLimits(OptionalDouble.empty(), OptionalLong.empty());

  private final Path root;

  ContainerLimitsTest(@TempDir Path root) {
    this.root = root;
  }

  @Test
  void versionTwoLimitsAreRead() throws IOException {
    write("proc", "0::/");
    write("mount/cpu.max", "150000 100000");
    write("mount/memory.max", "536870912");
    assertThat(limits()).isEqualTo(limits(1.5, 536870912));
  }

  @Test
  void theTightestOfNestedGroupsCounts() throws IOException {
    write("proc", "0::/service/job");
    write("mount/service/cpu.max", "100000 100000");
    write("mount/service/memory.max", "max");
    write("mount/service/job/cpu.max", "max 100000");
    write("mount/service/job/memory.max", "1000");
    assertThat(limits()).isEqualTo(limits(1, 1000));
  }

  @Test
  void versionOneLimitsAreRead() throws IOException {
    write("proc", "5:memory:/docker/1\n4:cpu,cpuacct:/docker/1\n1:name=systemd:/docker/1");
    write("mount/cpu/cpu.cfs_quota_us", "50000");
    write("mount/cpu/cpu.cfs_period_us", "100000");
    write("mount/memory/memory.limit_in_bytes", "1048576");
    assertThat(limits()).isEqualTo(limits(0.5, 1048576));
  }

  @Test
  void versionOneWithoutLimitsHasNone() throws IOException {
    write("proc", "5:memory:/\n4:cpu:/");
    write("mount/cpu/cpu.cfs_quota_us", "-1");
    write("mount/cpu/cpu.cfs_period_us", "100000");
    write("mount/memory/memory.limit_in_bytes", "9223372036854771712");
    assertThat(limits()).isEqualTo(NONE);
  }

  @Test
  void aGroupOutsideTheContainerIsReadAtItsMount() throws IOException {
    write("proc", "0::/../../job");
    write("mount/cpu.max", "200000 100000");
    assertThat(limits().cores()).hasValue(2);
  }

  @Test
  void aSystemWithoutGroupsHasNoLimits() {
    assertThat(limits()).isEqualTo(NONE);
  }

  private ContainerLimits limits() {
    return ContainerLimits.read(root.resolve("proc"), root.resolve("mount"));
  }

  private static ContainerLimits limits(double cores, long memoryBytes) {
    return new ContainerLimits(OptionalDouble.of(cores), OptionalLong.of(memoryBytes));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
  }
}
