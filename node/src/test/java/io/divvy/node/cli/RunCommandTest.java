package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.divvy.coordinator.Care;
import io.divvy.coordinator.Halt;
import io.divvy.node.model.Model;
import io.divvy.protocol.JobSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

  private final FakeEngine engine = new FakeEngine();

  private final Path folder;

  RunCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void stdoutHasTheAnswerAndStderrTheRest() {
    Called called = Called.with(engine, "run", "sum", "0..10");

    assertThat(called.out()).isEqualTo("45\n");
    assertThat(called.errLines())
        .containsExactly(
            "sum 0..10: 10 items, 0 to 9; threads, 2 workers",
            "10 items in 0.500 s; 1 node, 2 workers; 20 items/s; each counted once");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.DONE);
    assertThat(engine.story).startsWith("start threads", "run threads", "close threads");
  }

  @Test
  void aJournalThatCannotBeUsedIsToldOnOneLineBeforeAnythingStarts() throws IOException {
    Path journal = folder.resolve("kept");
    Called nothing =
        Called.with(engine, "run", "sum", "0..10", "--resume", "--journal", journal.toString());
    assertThat(nothing.err())
        .isEqualTo(
            "divvy: there is no journal in "
                + journal
                + " to resume; run the job without --resume\n");
    assertThat(nothing.exitCode()).isEqualTo(ExitCodes.USAGE);

    assertThat(
            Called.with(engine, "run", "sum", "0..10", "--journal", journal.toString()).exitCode())
        .isEqualTo(ExitCodes.DONE);
    engine.story.clear();

    Called again = Called.with(engine, "run", "sum", "0..10", "--journal", journal.toString());
    assertThat(again.err())
        .isEqualTo(
            "divvy: --journal "
                + journal
                + " holds a journal; add --resume, or give another folder\n");
    assertThat(
            Called.with(engine, "run", "sum", "0..11", "--resume", "--journal", journal.toString())
                .err())
        .contains("is of another job: its input is 0..10, not 0..11;");
    assertThat(engine.story).isEmpty();
  }

  @Test
  void aJournalOfTheJobIsFoundInTheHomeOfTheUser() {
    Map<String, String> home = Map.of("DIVVY_HOME", folder.toString());
    assertThat(Called.with(home, engine, "run", "sum", "0..10", "--resume").err())
        .isEqualTo(
            "divvy: there is no journal of this job in "
                + folder.resolve("journals")
                + "; run it without --resume, or name a folder with --journal\n");
  }

  @Test
  void aRangeBelowZeroIsNoOption() {
    assertThat(Called.with(engine, "run", "sum", "-5..5").out()).isEqualTo("-5\n");
    assertThat(Called.with(engine, "run", "sum", "--quiet", "-5..=5").out()).isEqualTo("0\n");
  }

  @Test
  void peopleReadDisplayLinesWhereTheKindHasThem() {
    assertThat(Called.with(engine, "run", "heavy", "1..3", "iterations=10").out())
        .startsWith("Input: 1, Result: 0.000450\nInput: 2, ");
    assertThat(
            Called.with(engine, "run", "heavy", "1..3", "iterations=10", "--format", "lines").out())
        .startsWith("0.000450\n");
    assertThat(Called.with(engine, "run", "power", "2..4", "exponent=3").out())
        .isEqualTo("8\n27\n");
  }

  @Test
  void quietLeavesNothingButTheAnswer() {
    Called called = Called.with(engine, "run", "sum", "0..10", "-q");

    assertThat(called.out()).isEqualTo("45\n");
    assertThat(called.err()).isEmpty();
  }

  @Test
  void verboseSaysWhoComputedWhat() {
    assertThat(Called.with(engine, "run", "heavy", "3..5", "iterations=1", "-v").errLines())
        .contains(
            "heavy 3 on node n1, pid 4711, worker 1", "heavy 4 on node n1, pid 4711, worker 1");
    assertThat(Called.with(engine, "run", "sum", "0..50000", "-v").errLines())
        .contains("sum 0..50000 on node n1, pid 4711, worker 1");
  }

  @Test
  void jsonIsOneObjectWithTheNamesThatWereFixed() throws IOException {
    Called called = Called.with(engine, "run", "heavy", "1..3", "iterations=10", "--json");

    JsonNode json = new ObjectMapper().readTree(called.out());
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    assertThat(called.out().lines()).hasSize(1);
    assertThat(names)
        .startsWith(
            "schema",
            "run",
            "kind",
            "input",
            "params",
            "model",
            "nodes",
            "workers",
            "status",
            "result",
            "digest",
            "items",
            "done",
            "failed",
            "remaining",
            "failures",
            "chunks",
            "retried",
            "duplicates",
            "deaths",
            "seconds",
            "account",
            "memoryBytes");
    assertThat(json.at("/schema").asText()).isEqualTo("divvy.run/1");
    assertThat(json.at("/params/iterations").isInt()).isTrue();
    assertThat(json.at("/result").asText()).isEqualTo("0.000450");
    assertThat(json.at("/seconds/run").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/memoryBytes").asLong()).isEqualTo(88_000_000);
  }

  @Test
  void aFailedItemIsToldWithItsReason() throws IOException {
    engine.failing.add(4L);

    Called called = Called.with(engine, "run", "power", "3..6", "exponent=1");
    JsonNode json =
        new ObjectMapper()
            .readTree(Called.with(engine, "run", "power", "3..6", "exponent=1", "--json").out());

    assertThat(called.out()).isEqualTo("3\n!failed 1\n5\n");
    assertThat(called.err())
        .contains("failed: power 4 (index 1): no 4\n")
        .contains("failed-items: 2 of 3 items done, 1 failed, 0 remain");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(json.at("/status").asText()).isEqualTo("failed-items");
    assertThat(json.at("/result").isNull()).isTrue();
    assertThat(json.at("/digest").isNull()).isTrue();
    assertThat(json.at("/partialResult").asText()).isEqualTo("3");
    assertThat(json.at("/partialDigest").asText()).isEqualTo("sha256:00");
    assertThat(json.at("/failures/0/item").asLong()).isEqualTo(4);
    assertThat(json.at("/failures/0/index").asLong()).isEqualTo(1);
  }

  @Test
  void anEmptyRangeIsDoneAtOnceWithTheIdentity() throws IOException {
    Called sum = Called.with(engine, "run", "sum", "5..5");
    Called map = Called.with(engine, "run", "power", "5..5", "--model", "cluster");
    JsonNode json =
        new ObjectMapper().readTree(Called.with(engine, "run", "power", "5..5", "--json").out());

    assertThat(sum.out()).isEqualTo("0\n");
    assertThat(sum.exitCode()).isEqualTo(ExitCodes.DONE);
    assertThat(map.out()).isEmpty();
    assertThat(map.exitCode()).isEqualTo(ExitCodes.DONE);
    assertThat(json.at("/status").asText()).isEqualTo("done");
    assertThat(json.at("/result").isNull()).isTrue();
    assertThat(json.at("/digest").asText())
        .isEqualTo("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(engine.story).isEmpty();
  }

  @Test
  void theFileGetsTheAnswerInsteadOfStdout() throws IOException {
    Path file = folder.resolve("powers.txt");

    Called called =
        Called.with(engine, "run", "power", "2..4", "exponent=3", "--output", file.toString());

    assertThat(called.out()).isEmpty();
    assertThat(file).hasContent("8\n27\n");
    assertThat(called.err()).contains("written to " + file);
    assertThat(files()).containsExactly("powers.txt");
  }

  @Test
  void jsonLinesNameTheItemByItsNumber() throws IOException {
    engine.failing.add(4L);
    Path file = folder.resolve("powers.jsonl");

    Called.with(
        engine, "run", "power", "3..5", "exponent=1", "--format", "jsonl", "--output", file + "");
    Called sum = Called.with(engine, "run", "sum", "0..3", "--format", "jsonl");

    assertThat(file)
        .hasContent(
            """
            {"item":3,"value":"3","node":"n1","seconds":0.001500}
            {"item":4,"failed":true}
            """);
    assertThat(sum.out()).isEqualTo("{\"value\":\"3\"}\n");
  }

  @Test
  void whatCannotBeReachedIsToldInOneLine() throws IOException {
    engine.unreachable = Optional.of(Model.CLUSTER);

    Called plain = Called.with(engine, "run", "sum", "0..9", "--join", "127.0.0.1:1");
    Called json = Called.with(engine, "run", "sum", "0..9", "--join", "127.0.0.1:1", "--json");

    assertThat(plain.errLines())
        .containsExactly("divvy: no node answers at 127.0.0.1:1; start one");
    assertThat(plain.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
    assertThat(new ObjectMapper().readTree(json.out()).at("/status").asText()).isEqualTo("lost");
  }

  @Test
  void aBugIsOneLineThatNamesTheLog() {
    engine.bug = Optional.of(new IllegalStateException("two coordinators"));

    Called called = Called.with(engine, "run", "sum", "0..9", "-q");

    assertThat(called.errLines()).hasSize(1);
    assertThat(called.err()).contains("bug in Divvy").contains("two coordinators").contains(".log");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(engine.story).endsWith("close threads");
  }

  @Test
  void aReaderThatLeavesEndsTheRunQuietly() {
    List<String> said = new ArrayList<>();
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    OutputStream err =
        new OutputStream() {
          @Override
          public void write(int b) {
            said.add("something");
          }
        };

    int exitCode =
        new CommandLineProgram(engine, Map.of())
            .run(new String[] {"run", "power", "0..9000", "exponent=9", "-q"}, closed, err, 0);

    assertThat(exitCode).isEqualTo(ExitCodes.READER_LEFT);
    assertThat(said).isEmpty();
  }

  @Test
  void aFullDiskUnderStdoutIsTold() {
    Called called = withOut("No space left on device", "run", "sum", "0..9", "-q");

    assertThat(called.errLines())
        .containsExactly("divvy: cannot write to stdout: No space left on device");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.FAILED);
  }

  @Test
  void optionsReachThePlan() {
    Called.with(
        engine,
        "run",
        "power",
        "0..9",
        "--model",
        "processes",
        "--nodes",
        "2",
        "-j",
        "4",
        "--chunk",
        "1e3",
        "--retries",
        "3",
        "--halt",
        "2.5%",
        "--verify",
        "5%",
        "--item-timeout",
        "1.5",
        "--heap",
        "256M",
        "--json");

    assertThat(engine.plan().workers()).isEqualTo(OptionalInt.of(4));
    assertThat(engine.plan().nodes()).isEqualTo(OptionalInt.of(2));
    assertThat(engine.plan().chunk()).isEqualTo(OptionalLong.of(1000));
    assertThat(engine.plan().care())
        .isEqualTo(
            new Care(
                3,
                new Halt.Percent(new BigDecimal("2.5")),
                Optional.of(Duration.ofMillis(1500)),
                0.05));
    assertThat(engine.plan().spec().wanted()).isEqualTo(new JobSpec.Wanted(false, false));
    assertThat(engine.workforce.orElseThrow().heap()).contains("256m");
  }

  @Test
  void whoeverIsJoinedIsTheClusterAlsoByTheEnvironment() {
    Called.with(engine, "run", "sum", "0..9", "--join", "a", "--join", "b:7");
    assertThat(engine.workforce.orElseThrow().join()).hasToString("[a:25710, b:7]");

    Called.with(Map.of("DIVVY_JOIN", "c,d:8"), engine, "run", "sum", "0..9");
    assertThat(engine.workforce.orElseThrow().join()).hasToString("[c:25710, d:8]");

    Called.with(Map.of("DIVVY_JOIN", "c"), engine, "run", "sum", "0..9", "--model", "threads");
    assertThat(engine.story).containsSubsequence("start cluster", "start cluster", "start threads");
  }

  @Test
  void aDryRunStartsNothing() throws IOException {
    Called plain = Called.with(engine, "run", "sum", "10..100", "--dry-run", "--chunk", "30");
    Called json =
        Called.with(engine, "run", "sum", "10..100", "--dry-run", "--chunk", "30", "--json");

    assertThat(plain.out().lines())
        .containsExactly(
            "sum 10..100: 90 items, 10 to 99; threads, 2 workers",
            "chunk 10..40",
            "chunk 40..70",
            "then 30 at a time, as workers become free",
            "nothing was started");
    JsonNode plan = new ObjectMapper().readTree(json.out());
    assertThat(plan.at("/items").asLong()).isEqualTo(90);
    assertThat(plan.at("/chunks/1/from").asLong()).isEqualTo(30);
    assertThat(engine.story).isEmpty();
  }

  private static Called withOut(String failure, String... words) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = new CommandLineProgram(new FakeEngine(), Map.of()).run(words, broken, err, 0);
    return new Called(exitCode, "", err.toString(StandardCharsets.UTF_8));
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
