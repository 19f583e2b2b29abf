package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Faults on purpose: the answer is the same, each is listed, and nobody is left behind. */
@Timeout(240)
class DrillIT {
  private static final int ITEMS = 400;

  @RegisterExtension final Terminals terminals = Terminals.ofWhoWait();

  @Test
  void aRunGoesThroughAllFaultsAndAnswersOnce() throws Exception {
    Running run = start("kill-worker@20%,pause-worker@40%:1s,kill-coordinator@70%,kill-worker@80%");
    JsonNode json = run.json();
    assertThat(run.awaitExit()).as(run.err()).isZero();
    assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(ITEMS));
    assertThat(json.at("/epoch").asInt()).isEqualTo(1);
    assertThat(json.at("/drills").findValuesAsText("fault"))
        .containsExactly("kill-worker", "pause-worker", "kill-coordinator", "kill-worker");
    assertThat(json.at("/drills").findValues("notDone")).allMatch(JsonNode::isNull);
    assertThat(json.at("/drills").findValues("pid")).allMatch(pid -> pid.asLong() > 0);
    assertThat(json.at("/drills/0/noticedSeconds").isNumber()).isTrue();
    assertThat(json.at("/drills/2/recoveredSeconds").asDouble()).isPositive();
    nobodyAndNothingIsLeft();
  }

  @Test
  void theFileOfACommandThatIsKilledDoesNotStay() throws Exception {
    Path folder = Files.createDirectory(terminals.scratch().resolve("output"));
    Running run =
        terminals.run(
            "run",
            "wait",
            "0..100",
            "millis=20",
            "--drill",
            "kill-coordinator@30%",
            "--output",
            folder.resolve("numbers").toString());
    assertThat(run.awaitExit()).as(run.err()).isZero();
    assertThat(run.outLines()).isEmpty();
    assertThat(Files.readAllLines(folder.resolve("numbers"))).hasSize(100);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void interruptedItLeavesAPlaceToGoOnFromAndNoProcess() throws Exception {
    Running run = start("pause-worker@5%:1h,kill-coordinator@99%");
    run.awaitLine(", is stopped for");
    run.send("TERM");
    String line = run.awaitLine("go on with: ").text();
    assertThat(run.awaitExit()).isEqualTo(143);
    assertThat(line).doesNotContain("--drill ").contains(" --resume --journal ");
    assertThat(run.json().at("/status").asText()).isEqualTo("interrupted");
    assertThat(terminals.living()).isEmpty();
  }

  @Test
  void aKeeperThatIsKilledLeavesNobodyBehind() throws Exception {
    Running run = start("pause-worker@5%:1h,kill-coordinator@99%");
    run.awaitLine(", is stopped for");
    List<Long> family = run.children();

    run.send("KILL");

    Waiting.until("the end of all", () -> family.stream().noneMatch(Terminals::lives), () -> false);
  }

  private Running start(String drill) throws Exception {
    return terminals.start(
        "run",
        "wait",
        "0.." + ITEMS,
        "millis=40",
        "--json",
        "--model",
        "processes",
        "--nodes",
        "2",
        "--workers",
        "4",
        "--drill",
        drill);
  }

  private void nobodyAndNothingIsLeft() throws Exception {
    assertThat(terminals.living()).isEmpty();
    try (Stream<Path> files = Files.list(terminals.scratch())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("divvy-drill-"));
    }
  }
}
