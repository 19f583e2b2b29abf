package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node far away: every message to it takes a tenth of a second. */
@Timeout(240)
class FarNodeIT {
  private static final int ITEMS = 400;

  @RegisterExtension final Terminals terminals = new Terminals();

  @Test
  void itWorksAndNobodyTakesItForDead() throws Exception {
    int advertised = Terminals.freePorts(2);
    int bound = advertised + 1;
    Running near = terminals.startNode("--workers", "2");
    terminals.config("divvy.pekko.member.remote.artery.bind.port = " + bound);
    Running far =
        terminals.start(
            "node",
            "--json",
            "--port",
            "" + advertised,
            "--workers",
            "2",
            "--join",
            near.address());
    // Before it listens, it looks whether the port it is to be reached at is free.
    Waiting.until("the far node listens", () -> Terminals.listens(bound), () -> false);
    try (SlowLine line = new SlowLine(advertised, bound, Duration.ofMillis(100))) {
      far.awaitReady();
      Running run =
          terminals.run(
              "run", "wait", "0.." + ITEMS, "millis=20", "--json", "--join", near.address());
      JsonNode json = run.json();
      assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(ITEMS));
      assertThat(json.at("/nodes").asInt()).isEqualTo(2);
      assertThat(json.at("/deaths")).isEmpty();
      assertThat(line.connections()).isPositive();
    }
  }
}
