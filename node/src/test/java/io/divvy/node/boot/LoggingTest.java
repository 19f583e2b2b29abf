package io.divvy.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void stop() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
  }

  @Test
  void whatIsLoggedStandsInTheFileOfThisProcess(@TempDir Path dir) throws IOException {
    Optional<Path> file = Logging.start(dir.resolve("log"), "test", told::add);
    LoggerFactory.getLogger("a").info("joined [{}]", "n1");
    assertThat(file)
        .contains(dir.resolve("log/divvy-test-" + ProcessHandle.current().pid() + ".log"));
    assertThat(Files.readString(file.orElseThrow())).endsWith("INFO  a - joined [n1]\n");
    assertThat(told).isEmpty();
  }

  @Test
  void withoutAWritableFolderItSaysSoOnceAndGoesOn(@TempDir Path dir) throws IOException {
    Path taken = Files.writeString(dir.resolve("taken"), "");
    assertThat(Logging.start(taken.resolve("log"), "test", told::add)).isEmpty();
    LoggerFactory.getLogger("a").error("nobody hears this");
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("no log file: cannot write to '" + taken.resolve("log") + "'");
  }

  @Test
  void ofTheFilesOfDeadProcessesTheNewestAreKept(@TempDir Path dir) throws IOException {
    for (int pid = 1; pid <= 5; pid++) {
      Path file = Files.writeString(dir.resolve("divvy-node-" + pid + ".log"), "");
      Files.setLastModifiedTime(file, FileTime.fromMillis(pid * 1000L));
    }
    Files.writeString(dir.resolve("notes.log"), "");
    Logging.sweep(dir, 2, pid -> pid == 1);
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "divvy-node-1.log", "divvy-node-4.log", "divvy-node-5.log", "notes.log");
    }
  }
}
