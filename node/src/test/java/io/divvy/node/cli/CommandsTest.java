package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.divvy.node.member.NodeOptions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

  private final FakeEngine engine = new FakeEngine();

  @ParameterizedTest
  @ValueSource(strings = {"compare", "run", "node", "cancel", "cpu", "kinds"})
  void everyCommandHelpsWithExamplesOnStdout(String command) {
    Called called = Called.with(engine, command, "--help");

    assertThat(called.out()).contains("Examples:\n  divvy " + command).contains("Usage: divvy");
    assertThat(called.err()).isEmpty();
    assertThat(called.exitCode()).isEqualTo(ExitCodes.DONE);
    assertThat(Called.with(engine, "help", command).out()).isEqualTo(called.out());
  }

  @Test
  void noLineOfHelpIsWiderThanAHundredColumns() {
    for (String command : List.of("compare", "run", "node", "cancel", "cpu", "kinds")) {
      assertThat(Called.with(engine, command, "--help").out().lines())
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }
  }

  @Test
  void theProgramHelpsAndNamesItsVersion() {
    assertThat(Called.with(engine, "--help").out())
        .contains("divvy compare")
        .contains("Exit codes");
    assertThat(Called.with(engine, "--version").out()).startsWith("divvy ");
    assertThat(Called.with(engine, "run", "--version").out()).startsWith("divvy ");
  }

  @Test
  void theShellCanCompleteWords() {
    assertThat(Called.with(engine, "generate-completion").out()).contains("complete", "--models");
  }

  @Test
  void theHiddenOptionOfChildrenIsNotInTheHelp() {
    assertThat(Called.with(engine, "node", "--help").out()).doesNotContain("--child");
  }

  @Test
  void aNodeIsWhatItsOptionsSay() {
    Called.with(
        engine,
        "node",
        "--host",
        "::1",
        "--port",
        "0",
        "--join",
        "h",
        "-j",
        "3",
        "--name",
        "pi",
        "--found",
        "--insecure",
        "--json",
        "--child");

    assertThat(engine.node)
        .contains(
            new NodeOptions(
                Optional.of("::1"),
                OptionalInt.of(0),
                List.of("h:25710"),
                3,
                Optional.of("pi"),
                true,
                true,
                true,
                Optional.empty(),
                true));
  }

  @Test
  void cpuSaysWhichFigureIsUsedAndWhy() throws IOException {
    Called called = Called.with(engine, "cpu");
    JsonNode json = new ObjectMapper().readTree(Called.with(engine, "cpu", "--json").out());

    assertThat(called.out().lines())
        .contains(
            "processor           Abacus 9 (wood)",
            "physical cores      1",
            "logical processors  2",
            "container limit     none",
            "used by Divvy       2 cores",
            "because             all logical processors, no limit");
    assertThat(json.at("/schema").asText()).isEqualTo("divvy.cpu/1");
    assertThat(json.at("/physicalCores").asInt()).isEqualTo(1);
    assertThat(json.at("/containerCores").isNull()).isTrue();
    assertThat(json.at("/memoryBytes").asLong()).isEqualTo(8_000_000_000L);
  }

  @Test
  void kindsAreListedWithTheirParameters() throws IOException {
    Called called = Called.with(engine, "kinds");
    JsonNode json = new ObjectMapper().readTree(Called.with(engine, "kinds", "--json").out());

    assertThat(called.out()).contains("  exponent=1000").contains("sum ");
    assertThat(json.at("/kinds").findValuesAsText("name"))
        .contains("heavy", "iterations", "power", "primes", "sum", "wait");
  }
}
