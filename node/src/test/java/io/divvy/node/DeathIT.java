package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever dies: nothing is lost, nothing is counted twice, and it is said who died of what. */
@Timeout(240)
class DeathIT {
  private static final int ITEMS = 800;
  private static final int KILLS = 10;
  private static final Pattern TAKES_PART = Pattern.compile("node .* takes part: pid ([0-9]+).*");

  @RegisterExtension final Terminals terminals = Terminals.ofWhoWait();

  /** Each is killed as soon as it has done something: so none is given up. */
  @Test
  void aChildThatIsKilledIsFollowedByAnother() throws Exception {
    Running run =
        terminals.start(
            "run",
            "wait",
            "0.." + ITEMS,
            "millis=100",
            "--json",
            "-v",
            "--model",
            "processes",
            "--nodes",
            "2",
            "--workers",
            "8");
    List<Long> killed = new ArrayList<>();
    while (killed.size() < KILLS) {
      int next = killed.size();
      run.awaitLines(" takes part: ", next + 1);
      long pid = participants(run).get(next);
      run.awaitLine("pid " + pid + ", worker");
      Running.send("KILL", pid);
      killed.add(pid);
    }
    JsonNode json = run.json();
    assertThat(run.awaitExit()).isZero();
    assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(ITEMS));
    assertThat(json.at("/deaths").findValuesAsText("pid"))
        .containsExactlyInAnyOrderElementsOf(killed.stream().map(String::valueOf).toList());
    assertThat(json.at("/deaths").findValuesAsText("evidence")).containsOnly("killed by SIGKILL");
    assertThat(json.at("/deaths").findValues("secondsLost"))
        .allSatisfy(lost -> assertThat(lost.asDouble()).isNotNegative());
    assertThat(terminals.living()).isEmpty();
  }

  private static List<Long> participants(Running run) {
    return run.errLines().stream()
        .map(line -> TAKES_PART.matcher(line.text()))
        .filter(Matcher::matches)
        .map(matcher -> Long.parseLong(matcher.group(1)))
        .toList();
  }

  @Test
  void theItemThatEndsItsProcessIsFoundAndSetAside() throws Exception {
    Running run =
        terminals.run(
            "run",
            "crash",
            "0..200",
            "at=100",
            "how=exit",
            "--json",
            "--model",
            "processes",
            "--nodes",
            "2");
    JsonNode json = run.json();
    assertThat(run.awaitExit()).isEqualTo(1);
    assertThat(json.at("/done").asLong()).isEqualTo(199);
    assertThat(json.at("/failures")).hasSize(1);
    assertThat(json.at("/failures/0/index").asLong()).isEqualTo(100);
    assertThat(json.at("/failures/0/message").asText()).endsWith(": ended with exit code 77");
    assertThat(json.at("/deaths").size()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void underThreadsItEndsTheRunAndIsNamed() throws Exception {
    Running run = terminals.run("run", "crash", "0..200", "at=100", "how=exit", "--json");
    assertThat(run.awaitExit()).isEqualTo(1);
    assertThat(run.err()).contains("System.exit at crash 100").contains("--model processes");
  }

  /** Stopped for so long that the others take it out: it comes back as a new member. */
  @Test
  void aNodeThatWasStoppedBeginsAnewAndWorksAgain() throws Exception {
    terminals.config(
        "divvy.leases.renew-interval = 1s",
        "divvy.leases.duration = 3s",
        "divvy.pekko.member.cluster.failure-detector.heartbeat-interval = 500ms",
        "divvy.pekko.member.cluster.failure-detector.acceptable-heartbeat-pause = 3s",
        "divvy.pekko.member.cluster.divvy-down-after = 1s");
    Running first = terminals.startNode("--workers", "1");
    Running stopped =
        terminals.startNode("--workers", "1", "--name", "stopped", "--join", first.address());
    Running run =
        terminals.start(
            "run", "wait", "0.." + ITEMS, "millis=100", "--json", "-v", "--join", first.address());
    run.awaitLine("on node " + stopped.name());

    stopped.send("STOP");
    run.awaitLine("node " + stopped.name() + " is lost: nothing was heard from it");
    // It is unreachable for the others first, and taken out then.
    terminals.awaitLogged("[pekko://divvy@" + stopped.address() + "] is [Removed]");
    stopped.send("CONT");

    stopped.awaitLine("starts anew and joins them again");
    run.awaitLines("node " + stopped.name() + " takes part", 2);
    terminals.startNode("--workers", "64", "--join", first.address());
    JsonNode json = run.json();
    assertThat(run.awaitExit()).isZero();
    assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(ITEMS));
    assertThat(json.at("/done").asLong()).isEqualTo(ITEMS);
  }

  @Test
  void aNodeWithAKeeperComesBackAndLeavesInGoodOrder() throws Exception {
    Running kept = terminals.startNode("--restart", "--workers", "1");
    Running.send("KILL", kept.awaitReady().at("/pid").asLong());
    kept.awaitLine("the node is gone: killed by SIGKILL; it is started again");
    Waiting.until("its second life", () -> kept.outLines().size() == 2, () -> false);

    kept.send("TERM");

    assertThat(kept.awaitExit()).isZero();
    assertThat(terminals.living()).isEmpty();
  }

  @Test
  void aNodeWhoseKeeperIsKilledLeaves() throws Exception {
    Running kept = terminals.startNode("--restart", "--workers", "1");
    kept.awaitReady();
    List<Long> family = kept.children();

    kept.send("KILL");

    Waiting.until(
        "the end of the node", () -> family.stream().noneMatch(Terminals::lives), () -> false);
  }
}
