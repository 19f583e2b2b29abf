package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that are started without any option find each other. */
@Timeout(240)
class OneClusterIT {
  private static final Duration DOWN_AFTER = Duration.ofSeconds(6);
  private static final Duration ITEM = Duration.ofMillis(100);
  private static final String FOUNDS = "is JOINING itself";

  @RegisterExtension final Terminals terminals = Terminals.ofWhoWait();

  @Test
  void nodesStartedAtOnceAreOneClusterAndALaterOneJoinsItAlthoughItsFounderWasKilled()
      throws Exception {
    terminals.config(
        "divvy.node.port = " + Terminals.freePorts(12),
        "divvy.pekko.member.cluster.divvy-down-after = " + DOWN_AFTER.toSeconds() + "s");
    List<Running> nodes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      nodes.add(terminals.startBareNode());
    }
    nodes.forEach(Running::awaitReady);
    assertThat(new HashSet<>(nodes.stream().map(Running::name).toList())).hasSize(5);
    assertThat(terminals.logged(FOUNDS)).hasSize(1);

    Running run =
        terminals.start(
            "run",
            "wait",
            "0..1_000_000",
            "millis=" + ITEM.toMillis(),
            "--json",
            "-v",
            "--join",
            nodes.get(0).address());
    nodes.forEach(node -> run.awaitLine(takesPart(node)));

    String log = terminals.logged(FOUNDS).get(0);
    Running founder =
        nodes.stream().filter(node -> log.contains(node.address())).findFirst().orElseThrow();
    founder.kill();
    run.awaitLine("node " + founder.name() + " is lost");
    Running late = terminals.startBareNode();
    late.awaitReady();
    assertThat(terminals.logged(FOUNDS)).hasSize(1);
    run.awaitLine(takesPart(late));
    // It has the founder's address. Computing this much takes it longer than the others wait until
    // they take the founder out.
    int workers = late.awaitReady().at("/workers").asInt();
    long items = 5L * workers * DOWN_AFTER.toMillis() / ITEM.toMillis() / 4;
    run.awaitLines("on node " + late.name() + ", pid " + late.pid(), items);
  }

  private static String takesPart(Running node) {
    return "node " + node.name() + " takes part: pid " + node.pid() + ",";
  }
}
