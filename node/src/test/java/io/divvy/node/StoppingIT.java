package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items without end, and runs that are ended from elsewhere. */
@Timeout(240)
class StoppingIT {
  @RegisterExtension final Terminals terminals = new Terminals();

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "threads"})
  void anItemWithoutEndFailsAndTheOthersAreDone(String model) throws IOException {
    Running run =
        terminals.run(
            "run",
            "crash",
            "0..20",
            "at=7",
            "how=loop",
            "--item-timeout",
            "1",
            "--retries",
            "0",
            "--json",
            "--model",
            model);
    assertThat(run.awaitExit()).isEqualTo(1);
    JsonNode json = run.json();
    assertThat(json.at("/status").asText()).isEqualTo("failed-items");
    assertThat(json.at("/done").asLong()).isEqualTo(19);
    assertThat(json.at("/failures/0/item").asLong()).isEqualTo(7);
    assertThat(json.at("/failures/0/message").asText()).contains("--item-timeout");
    assertThat(json.at("/failures/0/stackTrace").asText()).contains("Crash");
    assertThat(json.at("/abandoned").asLong()).isEqualTo(1);
    assertThat(run.err()).contains("its thread is left to itself");
  }

  @Test
  void aSequentialRunEndsAlthoughItsItemDoesNotListenAndSaysSo() throws IOException {
    Running run =
        terminals.start(
            "run", "crash", "0..20", "at=0", "how=loop", "--json", "--model", "sequential", "-v");
    run.awaitLine("takes part");
    Duration before = run.cpuTime();
    Waiting.until(
        "its item loops",
        () -> run.cpuTime().minus(before).compareTo(Duration.ofSeconds(1)) > 0,
        () -> false);
    run.send("TERM");
    assertThat(run.awaitExit()).isEqualTo(143);
    assertThat(run.json().at("/status").asText()).isEqualTo("interrupted");
    assertThat(run.json().at("/abandoned").asLong()).isEqualTo(1);
    assertThat(run.err())
        .containsOnlyOnce("crash 0 does not listen to the interrupt")
        .contains("a second Ctrl-C ends at once")
        .contains("remaining: crash 0..20");
  }

  @Test
  void aRunIsCancelledFromAnotherTerminal() throws IOException {
    Running run = terminals.start("run", "sum", "0..1e18", "--json", "-v");
    String id = run.awaitMatch("run ([0-9a-f]+)").group(1);
    run.awaitMatch("sum .* on node .*");

    Running cancel = terminals.startPlain("cancel", id.substring(0, 8));

    assertThat(cancel.awaitExit()).isZero();
    assertThat(run.awaitExit()).isEqualTo(130);
    assertThat(run.json().at("/status").asText()).isEqualTo("interrupted");
    assertThat(run.json().at("/run").asText()).isEqualTo(id);
    assertThat(run.json().at("/remainingIntervals/0/1").asText()).isNotEmpty();
    assertThat(run.err()).contains("cancelled from elsewhere");
  }

  @Test
  void aRunIsCancelledThroughANodeThatWorksForIt() throws IOException {
    Running node = terminals.startNode("--workers", "1");
    String[] job = {"run", "sum", "0..1e18", "--json", "-v", "--join", node.address()};
    Running run = terminals.start(job);
    String id = run.awaitMatch("run ([0-9a-f]+)").group(1);
    run.awaitMatch("sum .* on node .*");

    Running unknown = terminals.start("cancel", "0000x", "--join", node.address());
    assertThat(unknown.awaitExit()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("no run '0000x'; under way: " + id + " (sum 0..1000000000000000000; from ");

    Running cancel = terminals.start("cancel", id.substring(0, 8), "--join", node.address());
    assertThat(cancel.awaitExit()).isZero();
    assertThat(run.awaitExit()).isEqualTo(130);
    assertThat(run.json().at("/status").asText()).isEqualTo("interrupted");
    assertThat(run.err())
        .contains("cancelled from elsewhere, by ")
        .contains("through node " + node.name())
        .contains("go on with: ");

    Running next = terminals.run("run", "sum", "0..100", "--join", node.address());
    assertThat(next.awaitExit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sequential", "threads"})
  void aDownloadIsCancelledFromAnotherTerminal(String model) throws IOException {
    Path list = terminals.scratch().resolve("list");
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Files.writeString(list, "http://127.0.0.1:" + silent.getLocalPort() + "/file\n");
      String to = terminals.scratch().resolve("files").toString();
      Running run =
          terminals.start(
              "run", "download", list.toString(), "--to", to, "--json", "-v", "--model", model);
      String id = run.awaitMatch("run ([0-9a-f]+)").group(1);

      Running cancel = terminals.startPlain("cancel", id.substring(0, 8));

      assertThat(cancel.awaitExit()).isZero();
      assertThat(run.awaitExit()).isEqualTo(130);
      assertThat(run.json().at("/status").asText()).isEqualTo("interrupted");
      assertThat(run.json().at("/run").asText()).isEqualTo(id);
      assertThat(run.err()).contains("cancelled from elsewhere");
    }
  }
}
