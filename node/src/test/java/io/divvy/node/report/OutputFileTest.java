package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.input.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {

  private final Path folder;

  OutputFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void theFileAppearsWhenAllOfItIsThere() throws Exception {
    Path file = folder.resolve("out");
    Files.writeString(file, "old");
    try (OutputFile output = OutputFile.open(file.toString())) {
      output.add("new");
      assertThat(file).hasContent("old");
      output.complete();
    }

    assertThat(file).hasContent("new\n");
    assertThat(files()).containsExactly("out");
  }

  @Test
  void whatIsGivenUpLeavesNothing() throws Exception {
    try (OutputFile output = OutputFile.open(folder.resolve("out").toString())) {
      output.add("half");
    }

    assertThat(files()).isEmpty();
  }

  @Test
  void whatIsInterruptedIsKeptBesideTheFile() throws Exception {
    Path file = folder.resolve("out");
    try (OutputFile output = OutputFile.open(file.toString())) {
      output.add("half");
      assertThat(output.keepPartial()).isEqualTo(file + ".partial");
    }

    assertThat(files()).containsExactly("out.partial");
    assertThat(folder.resolve("out.partial")).hasContent("half\n");
  }

  @Test
  void aLinkStaysALink() throws Exception {
    Path target = folder.resolve("target");
    Files.writeString(target, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    try (OutputFile output = OutputFile.open(link.toString())) {
      output.add("new");
      output.complete();
    }

    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new\n");
  }

  @Test
  void aThreadThatIsInterruptedCanStillWrite() throws Exception {
    Path file = folder.resolve("out");
    try (OutputFile output = OutputFile.open(file.toString())) {
      Thread.currentThread().interrupt();
      output.add("x".repeat(1 << 17));
      assertThat(Thread.interrupted()).isTrue();
      output.complete();
    }

    assertThat(file).hasSize((1 << 17) + 1L);
  }

  @Test
  void whereNothingCanBeWrittenIsWrongUsage() {
    for (String name : List.of(folder.toString(), folder + "/no/file", "", "a\0b")) {
      assertThatThrownBy(() -> OutputFile.open(name))
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith("--output ");
    }
  }

  @Test
  @EnabledIf("hasFullDevice")
  void aFullDiskIsToldWithTheFilesName() throws Exception {
    try (OutputFile output = OutputFile.open("/dev/full")) {
      output.add("x");
      assertThatThrownBy(output::complete)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot write /dev/full: ");
      assertThat(output.problem()).isPresent();
    }
  }

  static boolean hasFullDevice() {
    return Files.exists(Path.of("/dev/full"));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
