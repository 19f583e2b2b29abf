package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.divvy.coordinator.journal.Entry;
import io.divvy.coordinator.journal.JournalReader;
import io.divvy.protocol.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Killing a command costs time, not results. */
@Timeout(300)
class ResumingIT {
  private static final int ITEMS = 300;

  @RegisterExtension final Terminals terminals = Terminals.ofWhoWait();
  private final Path folder;

  ResumingIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aRunThatWasKilledIsResumedUnderAnotherModelAndRedoesNothing() throws Exception {
    long seed = System.nanoTime();
    System.out.println("killed at moments of the seed " + seed);
    Random random = new Random(seed);
    for (String model : List.of("sequential", "threads", "processes")) {
      Path journal = folder.resolve(model);
      Running killed = start(journal, "--model", "processes", "--nodes", "2");
      killed.awaitLines(" on node ", 1 + random.nextInt(ITEMS / 2));
      killed.kill();
      BitSet before = kept(journal, 0);

      Running resumed = start(journal, "--resume", "--model", model);

      JsonNode json = resumed.json();
      assertThat(json.at("/status").asText()).as(resumed.err()).isEqualTo("done");
      assertThat(json.at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(ITEMS));
      assertThat(json.at("/epoch").asInt()).isEqualTo(1);
      assertThat(json.at("/resumed").asInt()).isEqualTo(before.cardinality());
      assertThat(json.at("/duplicates").asInt()).isZero();
      BitSet after = kept(journal, 1);
      assertThat(after.intersects(before)).as("something was computed again").isFalse();
      assertThat(after.cardinality() + before.cardinality()).isEqualTo(ITEMS);
    }
  }

  @Test
  void aShortRunThatIsTerminatedSaysHowToGoOn() throws Exception {
    Running run =
        terminals.startInForeground("run", "wait", "0.." + ITEMS, "millis=100", "-v", "--json");
    run.awaitLines(" on node ", 2);
    run.send("TERM");
    String line = run.awaitLine("go on with: ").text();
    assertThat(run.awaitExit()).isEqualTo(143);
    assertThat(run.json().at("/journal").isTextual()).isTrue();
    String place = line.substring(line.lastIndexOf(' ') + 1);
    assertThat(line)
        .startsWith("go on with: divvy run wait 0.." + ITEMS + " millis=100 -v --json --config ")
        .endsWith(" --resume --journal " + place);
    long done = run.json().at("/done").asLong();
    assertThat(kept(Path.of(place), 0).cardinality()).isEqualTo((int) done).isPositive();

    Running resumed =
        terminals.run(
            "run", "wait", "0.." + ITEMS, "millis=100", "--json", "--resume", "--workers", "64");

    assertThat(resumed.json().at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(ITEMS));
    assertThat(resumed.json().at("/resumed").asLong()).isEqualTo(done);
    assertThat(resumed.json().at("/journal").isNull()).isTrue();
    assertThat(Path.of(place)).doesNotExist();
  }

  @Test
  void aNodeWhoseCommandsWereKilledStillTakesWork() throws Exception {
    Running node = terminals.startNode("--workers", "1");
    for (int i = 0; i < 2; i++) {
      Running killed =
          terminals.start("run", "wait", "0..1000", "millis=100", "-v", "--join", node.address());
      killed.awaitLine(" on node " + node.name());
      killed.kill();
    }
    Running last =
        terminals.run("run", "wait", "0..20", "millis=1", "--json", "--join", node.address());
    assertThat(last.json().at("/digest").asText()).isEqualTo(Answers.digestOfNumbers(20));
  }

  private Running start(Path journal, String... words) throws IOException {
    return terminals.start(
        Stream.concat(
                Stream.of("run", "wait", "0.." + ITEMS, "millis=10", "--json", "-v"),
                Stream.concat(Stream.of("--journal", journal.toString()), Stream.of(words)))
            .toArray(String[]::new));
  }

  /** The items that were counted in an epoch, each once. */
  private static BitSet kept(Path journal, int epoch) throws IOException {
    BitSet items = new BitSet();
    int now = -1;
    for (Entry entry : entries(journal)) {
      if (entry instanceof Entry.Begun begun) {
        now = begun.epoch();
      } else if (now == epoch && entry instanceof Entry.Accepted accepted) {
        Interval interval = accepted.interval();
        assertThat(items.get((int) interval.from(), (int) interval.to()).isEmpty()).isTrue();
        items.set((int) interval.from(), (int) interval.to());
      }
    }
    return items;
  }

  private static List<Entry> entries(Path journal) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(journal).orElseThrow()) {
      for (Optional<List<Entry>> group = reader.next(); group.isPresent(); group = reader.next()) {
        entries.addAll(group.get());
      }
    }
    return entries;
  }
}
