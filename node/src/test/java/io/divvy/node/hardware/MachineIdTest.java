package io.divvy.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineIdTest {
  private final Path folder;

  MachineIdTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void theKernelsBootNamesTheMachine() throws IOException {
    Path file = Files.writeString(folder.resolve("boot_id"), "d9770098-5927\n");
    assertThat(MachineId.of(file)).isEqualTo("d9770098-5927");
  }

  @Test
  void withoutItTheMachineStillHasAName() {
    assertThat(MachineId.of(folder.resolve("missing"))).isNotBlank();
  }
}
