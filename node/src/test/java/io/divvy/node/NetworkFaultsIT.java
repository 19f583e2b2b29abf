package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A command and two nodes on hosts of their own, and a network that fails between them. A node
 * whose machine cannot be reached is not dead: its work is done by others, and when it is back its
 * answers are duplicates, and it works on.
 */
@Timeout(240)
class NetworkFaultsIT {
  private static final int COMMAND = 1;
  private static final int STAYS = 2;
  private static final int FAILS = 3;
  private static final int ITEMS = 4000;

  @RegisterExtension final Hosts hosts = new Hosts(3);
  @RegisterExtension final Terminals terminals = Terminals.ofWhoWait();

  @Test
  void aNodeBehindACutIsReplacedAndWorksAgainOnceTheNetworkIsMended() throws Exception {
    terminals.config("divvy.leases.renew-interval = 1s", "divvy.leases.duration = 3s");
    Running run = start();
    hosts.cut(FAILS, COMMAND);
    hosts.cut(COMMAND, FAILS);
    hosts.cut(FAILS, STAYS);
    hosts.cut(STAYS, FAILS);
    run.awaitLine("node fails is lost");

    hosts.mend(FAILS, COMMAND);
    hosts.mend(COMMAND, FAILS);
    hosts.mend(FAILS, STAYS);
    hosts.mend(STAYS, FAILS);

    worksAgain(run);
    assertThat(answer(run).at("/deaths").findValuesAsText("node")).containsExactly("fails");
  }

  @Test
  void aNodeThatHearsAndIsNotHeardIsReplacedToo() throws Exception {
    terminals.config("divvy.leases.renew-interval = 1s", "divvy.leases.duration = 3s");
    Running run = start();
    hosts.cut(FAILS, COMMAND);
    run.awaitLine("node fails is lost");

    hosts.mend(FAILS, COMMAND);

    worksAgain(run);
    assertThat(answer(run).at("/deaths").findValuesAsText("node")).containsExactly("fails");
  }

  @Test
  void aNodeAtTheEndOfASlowLinkIsNotTakenForDead() throws Exception {
    Running stays = node(STAYS, "stays", 2);
    node(FAILS, "slow", 2, "--join", stays.address());
    hosts.slowDown(FAILS, "1mbit");
    // One and a half megabytes.
    Running run =
        run(
            "power",
            "0..1000",
            "exponent=1000",
            "--chunk",
            "50",
            "--json",
            "--join",
            stays.address());
    JsonNode json = run.json();
    assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfPowers(1000, 1000));
    assertThat(json.at("/nodes").asInt()).isEqualTo(2);
    assertThat(json.at("/deaths")).isEmpty();
  }

  /** A job that only waits: the two nodes would take minutes for it. */
  private Running start() throws Exception {
    Running stays = node(STAYS, "stays", 2);
    node(FAILS, "fails", 2, "--join", stays.address());
    Running run =
        run(
            "wait",
            "0.." + ITEMS,
            "millis=100",
            "--chunk",
            "10",
            "--json",
            "-v",
            "--join",
            stays.address());
    run.awaitLine("on node stays");
    run.awaitLine("on node fails");
    return run;
  }

  private void worksAgain(Running run) throws Exception {
    run.awaitLines("node fails takes part", 2);
    long before = lines(run, "on node fails");
    run.awaitLines("on node fails", before + 1);
    node(COMMAND, "many", 64, "--join", hosts.address(STAYS) + ":25710");
  }

  private static long lines(Running run, String part) {
    return run.errLines().stream().filter(line -> line.text().contains(part)).count();
  }

  private static JsonNode answer(Running run) {
    JsonNode json = run.json();
    assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(ITEMS));
    assertThat(json.at("/done").asLong()).isEqualTo(ITEMS);
    assertThat(run.awaitExit()).isZero();
    return json;
  }

  private Running run(String... job) throws Exception {
    return on(COMMAND, Stream.concat(Stream.of("run"), Stream.of(job)));
  }

  private Running node(int host, String name, int workers, String... more) throws Exception {
    Stream<String> words =
        Stream.of("node", "--json", "--name", name, "--port", "25710", "--workers", "" + workers);
    Running node = on(host, Stream.concat(words, Stream.of(more)));
    node.awaitReady();
    return node;
  }

  private Running on(int host, Stream<String> words) throws Exception {
    List<String> all =
        Stream.concat(words, Stream.of("--host", hosts.address(host), "--insecure")).toList();
    return terminals.startOn(hosts.on(host), all.toArray(String[]::new));
  }
}
