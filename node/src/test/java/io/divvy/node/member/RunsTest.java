package io.divvy.node.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.node.boot.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {
  @TempDir private Path folder;

  @Test
  void aRunIsListedAsLongAsItLasts() throws IOException {
    Runs runs = new Runs(new Home(folder));
    assertThat(runs.led()).isEmpty();
    try (Runs.Listed listed = runs.list("00ff", "sum 0..9", () -> {})) {
      assertThat(listed).isNotNull();
      assertThat(runs.led())
          .containsExactly(new Runs.Led("00ff", ProcessHandle.current().pid(), "sum 0..9"));
    }
    assertThat(runs.led()).isEmpty();
  }

  @Test
  void aRunHearsThatItIsCancelled() throws Exception {
    Runs runs = new Runs(new Home(folder));
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Runs.Listed listed = runs.list("00ff", "sum 0..9", cancelled::countDown)) {
      assertThat(listed).isNotNull();
      runs.cancel(runs.led().get(0));
      assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(folder.resolve("runs")).isEmptyDirectory();
  }

  @Test
  void theRunOfADeadCommandIsTakenOffTheList() throws IOException {
    Runs runs = new Runs(new Home(folder));
    Files.createDirectories(folder.resolve("runs"));
    Files.write(
        folder.resolve("runs/00ff.run"),
        List.of(
            Long.toString(ProcessHandle.current().pid()), "long ago", Processes.space(), "sum"));
    assertThat(runs.led()).isEmpty();
    assertThat(folder.resolve("runs")).isEmptyDirectory();
  }
}
