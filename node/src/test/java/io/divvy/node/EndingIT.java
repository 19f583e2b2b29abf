package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** However a command ends, it says what it has if it can, and leaves nothing behind. */
@Timeout(240)
class EndingIT {
  private static final int SIGINT = 2;

  @RegisterExtension final Terminals terminals = new Terminals();

  @Test
  void withACommandThatIsKilledItsJvmsEndAlthoughTheyCompute() throws Exception {
    Running run =
        terminals.start(
            "run",
            "heavy",
            "0..1_000_000",
            "iterations=2_000_000",
            "-v",
            "--model",
            "processes",
            "--nodes",
            "2");
    run.awaitLine("on node n1");
    run.awaitLine("on node n2");
    List<Long> children = run.children();
    assertThat(children).hasSize(2).allMatch(Terminals::lives);

    run.kill();

    Waiting.until("its JVMs are gone", () -> terminals.living().isEmpty(), () -> false);
    assertThat(children).noneMatch(Terminals::lives);
  }

  @Test
  void aRunThatIsTerminatedSaysOnceWhatItHas() throws Exception {
    Running run = startEndless("--model", "processes", "--nodes", "2");
    run.send("TERM");
    assertInterrupted(run, 143);
  }

  @Test
  void soDoesOneThatIsInterruptedFromTheKeyboard() throws Exception {
    Running run = startEndless("--model", "threads");
    assumeThat(ignoresInterrupts(run.pid()))
        .as("whoever started this has SIGINT ignored")
        .isFalse();
    run.send("INT");
    assertInterrupted(run, 130);
  }

  private Running startEndless(String... words) throws IOException {
    String[] all =
        Stream.of(List.of("run", "sum", "0..1e18", "--json", "-v"), List.of(words))
            .flatMap(List::stream)
            .toArray(String[]::new);
    Running run = terminals.startInForeground(all);
    run.awaitMatch("sum .* on node .*");
    return run;
  }

  private void assertInterrupted(Running run, int exitCode) {
    assertThat(run.awaitExit()).isEqualTo(exitCode);
    assertThat(run.outLines()).hasSize(1);
    JsonNode json = run.json();
    assertThat(json.at("/status").asText()).isEqualTo("interrupted");
    assertThat(json.at("/result").isNull()).isTrue();
    long done = json.at("/done").asLong();
    assertThat(done).isPositive();
    assertThat(done + json.at("/remaining").asLong()).isEqualTo(1_000_000_000_000_000_000L);
    assertThat(new BigInteger(json.at("/partialResult").asText())).isPositive();
    assertThat(terminals.living()).isEmpty();
  }

  private static boolean ignoresInterrupts(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> new BigInteger(line.substring("SigIgn:".length()).strip(), 16))
            .anyMatch(signals -> signals.testBit(SIGINT - 1));
  }
}
