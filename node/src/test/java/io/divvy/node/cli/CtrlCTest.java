package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CtrlCTest {

  @Test
  void theSecondSignalIsToldFromTheFirst() throws Exception {
    assumeThat(ignored()).as("whoever started this has SIGINT ignored").isFalse();
    Semaphore first = new Semaphore(0);
    Semaphore again = new Semaphore(0);
    try (CtrlC ctrlC = CtrlC.listen(first::release, again::release)) {
      assertThat(ctrlC).isNotNull();
      interrupt();
      assertThat(first.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      assertThat(again.availablePermits()).isZero();
      interrupt();
      assertThat(again.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void interrupt() throws IOException, InterruptedException {
    long pid = ProcessHandle.current().pid();
    new ProcessBuilder("/bin/sh", "-c", "kill -INT " + pid).start().waitFor();
  }

  private static boolean ignored() throws IOException {
    Path status = Path.of("/proc/self/status");
    return !Files.exists(status)
        || Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
