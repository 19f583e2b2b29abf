package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.divvy.node.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareDownloadCommandTest {

  private final FakeEngine engine = new FakeEngine();

  @BeforeEach
  void times() {
    engine.secondsOf.put(Model.SEQUENTIAL, 4.0);
    engine.secondsOf.put(Model.THREADS, 0.5);
    engine.secondsOf.put(Model.PROCESSES, 1.0);
  }

  @Test
  void everyModelFetchesTheWholeListOnceInEachRound() {
    Called called = compare("--repeat", "2", "--files", "5");

    assertThat(engine.story)
        .containsExactly(
            "start sequential",
            "fetch sequential 5",
            "start threads",
            "fetch threads 5",
            "start processes",
            "fetch processes 5",
            "fetch sequential 5",
            "fetch threads 5",
            "fetch processes 5",
            "close sequential",
            "close threads",
            "close processes");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.DONE);
    assertThat(called.errLines().get(0))
        .isEqualTo(
            "5 images of 100 kB from a server in this JVM, 50 ms to the first byte, 5 MB/s per"
                + " connection; 2 rounds of sequential, threads, processes");
  }

  @Test
  void theEfficiencyIsPerConnection() {
    Called called = compare("--repeat", "1");

    assertThat(called.out().lines())
        .startsWith(
            "model       nodes  connections  seconds  speedup  efficiency  memory",
            "sequential      1            1    4.000     1.00       100 %   88 MB",
            "threads         1           16    0.500     8.00        50 %   88 MB",
            "processes       2           16    1.000     4.00        25 %   88 MB",
            "");
    assertThat(called.out())
        .contains("threads was fastest, 8.00 times as fast as one thread on 16 connections");
  }

  @Test
  void theServerIsOneHostAndStrangersAreSpared(@TempDir Path dir) throws IOException {
    Path list = Files.writeString(dir.resolve("list"), "http://h/1\nhttp://h/2\nhttp://h/3\n");

    JsonNode served = json(compare("--json", "--connections", "9", "--repeat", "1"));
    JsonNode listed = json(compare(list.toString(), "--json", "--repeat", "1"));

    assertThat(served.at("/params/perHost").asInt()).isEqualTo(9);
    assertThat(served.at("/server/images").asInt()).isEqualTo(40);
    assertThat(listed.at("/params/perHost").asInt()).isEqualTo(6);
    assertThat(listed.at("/server").isNull()).isTrue();
    assertThat(listed.at("/runs/1/workers").asInt()).isEqualTo(3);
    assertThat(listed.at("/input").asText()).isEqualTo(list.toString());
  }

  @Test
  void jsonHasTheNamesOfEveryComparison() throws IOException {
    JsonNode json = json(compare("--json", "--repeat", "1"));

    assertThat(json.at("/schema").asText()).isEqualTo("divvy.compare/1");
    assertThat(json.at("/kind").asText()).isEqualTo("download");
    assertThat(json.at("/status").asText()).isEqualTo("done");
    assertThat(json.at("/identical").asBoolean()).isTrue();
    assertThat(json.at("/runs/1/speedup").asDouble()).isEqualTo(8);
    assertThat(json.at("/runs/1/account").isObject()).isTrue();
  }

  @Test
  void filesThatFailedGiveTheExitCode() throws IOException {
    engine.failing.add(3L);

    Called called = compare("--repeat", "1", "--json");

    assertThat(called.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(json(called).at("/status").asText()).isEqualTo("failed-items");
    assertThat(called.err()).contains("failed");
  }

  @Test
  void aModelThatCannotStartEndsItWithWhatThereIs() {
    engine.unreachable = Optional.of(Model.PROCESSES);

    Called called = compare();

    assertThat(called.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
    assertThat(called.out()).contains("threads");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-such-list              | does not exist",
        "list --files 3            | leave them out",
        "--files 0                 | at least 1",
        "--files 1000 --size 1M    | fewer or smaller",
        "--size 10                 | at least 500",
        "--latency 2h              | at most 60",
        "--bandwidth fast          | a number of bytes",
        "--models magic            | unknown model",
        "--name {nmae}             | did you mean",
        "--to pom.xml              | is a file",
        "--force                   | unknown option",
      })
  void wrongUsageIsOneLine(String words, String said) {
    Called called = compare(words.split(" "));

    assertThat(called.errLines()).hasSize(1);
    assertThat(called.err()).startsWith("divvy: ").contains(said);
    assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(engine.story).isEmpty();
  }

  @Test
  void aListWithoutUrlsIsWrongUsage(@TempDir Path dir) throws IOException {
    Path list = Files.writeString(dir.resolve("list"), "# nothing\n\n");

    Called called = compare(list.toString());

    assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(called.err()).contains("has no URL");
  }

  @Test
  void itHelpsWithExamples() {
    Called called = compare("--help");

    assertThat(called.out())
        .contains("Examples:\n  divvy compare download")
        .contains("per connection");
    assertThat(called.out().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    assertThat(Called.with(engine, "compare", "--help").out()).contains("download");
    assertThat(Called.with(engine, "generate-completion").out())
        .contains("--bandwidth", "--latency");
  }

  private Called compare(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "compare";
    all[1] = "download";
    System.arraycopy(words, 0, all, 2, words.length);
    return Called.with(engine, all);
  }

  private static JsonNode json(Called called) throws IOException {
    assertThat(called.out().lines()).hasSize(1);
    return new ObjectMapper().readTree(called.out());
  }
}
