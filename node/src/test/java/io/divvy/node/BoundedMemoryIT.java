package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Results that together are larger than any memory here, and whose first ones come late. */
@Timeout(240)
class BoundedMemoryIT {
  private static final int ITEMS = 62_000;
  private static final int EXPONENT = 2000;

  @RegisterExtension final Terminals terminals = new Terminals();

  @Test
  void resultsAheadOfAGapWaitOutsideOfMemory() throws Exception {
    terminals.config("divvy.leases.duration = 5s", "divvy.merge.memory = 24 MiB");
    Running run =
        terminals.startWith(
            List.of("-Xmx96m"),
            "run",
            "power",
            "0.." + ITEMS,
            "exponent=" + EXPONENT,
            "--model",
            "processes",
            "--nodes",
            "2",
            "--heap",
            "96m",
            // A half for each: all that the other computes lies ahead of the gap.
            "--chunk",
            String.valueOf(ITEMS / 2),
            "--json",
            "-v");
    var first = run.awaitMatch("power 0 on node (n\\d), pid (\\d+), .*");
    long pid = Long.parseLong(first.group(2));

    Running.send("STOP", pid);
    run.awaitLine("node " + first.group(1) + " is lost");
    Running.send("CONT", pid);

    JsonNode json = run.json();
    assertThat(run.awaitExit()).isZero();
    assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfPowers(ITEMS, EXPONENT));
    assertThat(json.at("/done").asLong()).isEqualTo(ITEMS);
    assertThat(terminals.logged("OutOfMemory")).isEmpty();
    assertThat(terminals.scratch()).isEmptyDirectory();
  }
}
