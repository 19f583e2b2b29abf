package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM that is told to end says before it does; only a real one can show it. */
@Timeout(60)
class EndlessProgramTest {

  @Test
  void aRunThatIsInterruptedSaysOnceWhatItHas() throws Exception {
    Ended ended = interrupted("run", "sum", "0..9", "--json");

    JsonNode json = new ObjectMapper().readTree(ended.out());
    assertThat(ended.out().lines()).hasSize(1);
    assertThat(json.at("/status").asText()).isEqualTo("interrupted");
    assertThat(json.at("/result").isNull()).isTrue();
    assertThat(json.at("/partialResult").asText()).isEqualTo("3");
    assertThat(json.at("/remaining").asLong()).isEqualTo(8);
    assertThat(ended.err()).contains("interrupted: 1 of 9 items done, 0 failed, 8 remain");
    assertThat(ended.exitCode()).isEqualTo(143);
  }

  @Test
  void whatIsThereOfTheFileIsKept(@TempDir Path folder) throws Exception {
    Ended ended = interrupted("run", "sum", "0..9", "--output", folder.resolve("out").toString());

    assertThat(folder.resolve("out.partial")).hasContent("3\n");
    assertThat(ended.err()).contains("what there is so far is in " + folder.resolve("out.partial"));
    assertThat(ended.out()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aComparisonThatIsInterruptedSaysWhatItHas() throws Exception {
    Ended ended = interrupted("compare", "sum", "0..9", "--json");

    assertThat(new ObjectMapper().readTree(ended.out()).at("/status").asText())
        .isEqualTo("interrupted");
    assertThat(ended.exitCode()).isEqualTo(143);
  }

  @Test
  void theExitCodeIsThatOfTheSignalAlthoughTheProgramHasOneOfItsOwn() throws Exception {
    Process program = new ProcessBuilder(java(LateEnding.class)).start();
    try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("started");
      program.toHandle().destroy();
      assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(program.exitValue()).isEqualTo(143);
    } finally {
      program.destroyForcibly();
    }
  }

  private record Ended(int exitCode, String out, String err) {}

  /** Starts the program, and sends it SIGTERM once its run is under way. */
  private static Ended interrupted(String... words) throws IOException, InterruptedException {
    List<String> command = java(EndlessProgram.class);
    command.addAll(List.of(words));
    Process program = new ProcessBuilder(command).start();
    try (BufferedReader err = program.errorReader(StandardCharsets.UTF_8);
        BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
      String header = err.readLine();
      assertThat(header).startsWith("sum 0..9: ");
      // Not Process.destroy(), which closes the streams, too.
      program.toHandle().destroy();
      String said = String.join("\n", out.lines().toList());
      String told = String.join("\n", err.lines().toList());
      assertThat(program.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return new Ended(program.exitValue(), said, told);
    } finally {
      program.destroyForcibly();
    }
  }

  private static List<String> java(Class<?> program) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    // Surefire keeps the real class path apart when it starts from a jar that only refers to it.
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(program.getName());
    return command;
  }
}
