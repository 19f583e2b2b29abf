package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nodes may come and go while a run lasts. Its items only wait, which takes no core: alone, the
 * first node would take minutes for them, and one with many workers ends the run at once.
 */
@Timeout(240)
class ComingAndGoingIT {
  private static final int ITEMS = 2000;

  @RegisterExtension final Terminals terminals = Terminals.ofWhoWait();

  @Test
  void aNodeThatJoinsGetsWorkAndTheAnswerIsRight() throws Exception {
    Running first = terminals.startNode("--workers", "1");
    Running run = startRun(first);
    run.awaitLine("on node " + first.name());

    Running joined = startMany(first);

    run.awaitLine("on node " + joined.name());
    assertThat(checked(run).at("/deaths")).isEmpty();
  }

  @Test
  void aNodeThatIsToldToEndHandsItsWorkBack() throws Exception {
    Running first = terminals.startNode("--workers", "1");
    Running leaving = terminals.startNode("--workers", "1", "--join", first.address());
    Running run = startRun(first);
    run.awaitLine("on node " + leaving.name());

    leaving.send("TERM");

    assertThat(leaving.awaitExit()).isZero();
    run.awaitLine("node " + leaving.name() + " has left: it left in good order");
    startMany(first);
    assertThat(checked(run).at("/deaths")).isEmpty();
  }

  @Test
  void theWorkOfANodeThatIsKilledIsDoneByOthers() throws Exception {
    Running first = terminals.startNode("--workers", "1");
    Running killed = terminals.startNode("--workers", "1", "--join", first.address());
    Running run = startRun(first);
    run.awaitLine("on node " + killed.name());

    killed.kill();

    run.awaitLine("node " + killed.name() + " is lost");
    startMany(first);
    JsonNode json = checked(run);
    assertThat(json.at("/deaths").findValuesAsText("node")).containsExactly(killed.name());
    assertThat(json.at("/deaths/0/pid").asLong()).isEqualTo(killed.pid());
    assertThat(json.at("/deaths/0/intervals")).isNotEmpty();
  }

  /** Long chunks: who goes has much to give back. */
  private Running startRun(Running node) throws Exception {
    return terminals.start(
        "run",
        "wait",
        "0.." + ITEMS,
        "millis=100",
        "--chunk",
        "50",
        "--json",
        "-v",
        "--join",
        node.address());
  }

  private Running startMany(Running node) throws Exception {
    return terminals.startNode("--workers", "64", "--join", node.address());
  }

  private static JsonNode checked(Running run) {
    JsonNode json = run.json();
    assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(ITEMS));
    assertThat(json.at("/done").asLong()).isEqualTo(ITEMS);
    assertThat(run.awaitExit()).isZero();
    return json;
  }
}
