package io.divvy.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.ledger.Blame;
import io.divvy.coordinator.ledger.InFlight;
import io.divvy.coordinator.ledger.Ledger;
import io.divvy.coordinator.ledger.Verdict;
import io.divvy.protocol.Chunk;
import io.divvy.protocol.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Ledger and journal of a run whose coordinator dies again and again, at any moment. */
class ResumingWorldTest {

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void nothingIsLostOrCountedTwiceAndNothingAcknowledgedIsDoneAgain(@ForAll long seed)
      throws IOException {
    Path folder = Files.createTempDirectory("journal");
    try {
      new World(new Random(seed), folder).runToItsEnd();
    } finally {
      Files.deleteIfExists(JournalFolder.file(folder));
      Files.deleteIfExists(folder.resolve("lock"));
      Files.deleteIfExists(folder);
    }
  }

  private static final class World {
    private final Random random;
    private final Path folder;
    private final int items;
    private final int block;
    private final Head head;

    /** What workers were told to be safe. */
    private final BitSet acknowledged = new BitSet();

    private int deaths;

    World(Random random, Path folder) {
      this.random = random;
      this.folder = folder;
      this.items = 1 + random.nextInt(60);
      this.block = 1 + random.nextInt(3);
      this.deaths = random.nextInt(6);
      this.head = new Head("00ff", "sum", "", new TreeMap<>(), 0, 1, items, "", false);
    }

    void runToItsEnd() throws IOException {
      Entry.Begun begun = new Entry.Begun(0, 1, 1);
      JournalWriter writer =
          JournalWriter.create(JournalFolder.lock(folder), HastyDisk::open, head, begun);
      while (!lead(writer, new Ledger<>(items, block, 1))) {
        writer = resume();
      }
      BitSet counted = new BitSet();
      read(
          entry -> {
            Interval interval = interval(entry);
            assertThat(counted.get((int) interval.from(), (int) interval.to()).isEmpty())
                .as("%s is there once", interval)
                .isTrue();
            counted.set((int) interval.from(), (int) interval.to());
          });
      assertThat(counted.cardinality()).isEqualTo(items);
    }

    /** One life of the coordinator; true when nothing is left to do. */
    private boolean lead(JournalWriter writer, Ledger<String> ledger) throws IOException {
      read(
          entry -> {
            if (entry instanceof Entry.Failed failed) {
              ledger.restoreFailed(failed.index(), failed.message());
            } else {
              ledger.restoreDone(interval(entry).from(), interval(entry).to());
            }
          });
      List<Entry> pending = new ArrayList<>();
      while (!ledger.finished() || !pending.isEmpty()) {
        if (deaths > 0 && random.nextInt(12) == 0) {
          deaths--;
          die(writer, pending);
          return false;
        }
        switch (random.nextInt(4)) {
          case 0 -> take(ledger);
          case 1, 2 -> answer(ledger, pending);
          default -> {
            if (!pending.isEmpty()) {
              writer.append(pending);
              pending.forEach(this::acknowledge);
              pending.clear();
            }
          }
        }
      }
      writer.close();
      return true;
    }

    private void take(Ledger<String> ledger) {
      Optional<Chunk> chunk = ledger.take(1 + random.nextInt(9), "w", "n");
      chunk.ifPresent(
          taken ->
              assertThat(acknowledged.get((int) taken.from(), (int) taken.to()).isEmpty())
                  .as("%s was acknowledged and is handed out again", taken)
                  .isTrue());
    }

    private void answer(Ledger<String> ledger, List<Entry> pending) {
      List<InFlight<String>> computing = ledger.inFlight();
      if (computing.isEmpty()) {
        return;
      }
      InFlight<String> attempt = computing.get(random.nextInt(computing.size()));
      Interval left = attempt.left();
      Interval unit = ledger.unit(left.from());
      if (random.nextInt(6) == 0) {
        ledger.lose(attempt.attempt(), Blame.NONE, "silence");
      } else if (random.nextInt(5) == 0) {
        if (ledger.fail(attempt.attempt(), unit.from(), left.to(), "no") == Verdict.FAILED) {
          for (long index = unit.from(); index < unit.to(); index++) {
            pending.add(new Entry.Failed(index, "no", ""));
          }
        }
      } else {
        Interval some = random.nextBoolean() ? left : unit;
        if (ledger.accept(attempt.attempt(), some.from(), some.to(), left.to())
            == Verdict.ACCEPTED) {
          pending.add(new Entry.Accepted(some, new byte[] {1}, "n", 1));
        }
      }
    }

    /** With a commit under way, of which some bytes may have reached the disk, or all. */
    private void die(JournalWriter writer, List<Entry> pending) throws IOException {
      Path file = JournalFolder.file(folder);
      long safe = Files.size(file);
      if (!pending.isEmpty()) {
        writer.append(pending);
      }
      writer.close();
      byte[] bytes = Files.readAllBytes(file);
      int cut = (int) safe + random.nextInt(bytes.length - (int) safe + 1);
      Files.write(file, Arrays.copyOf(bytes, cut));
    }

    private JournalWriter resume() throws IOException {
      long end = read(entry -> {});
      return JournalWriter.goOn(
          JournalFolder.lock(folder), HastyDisk::open, end, new Entry.Begun(1, 1, 1));
    }

    private interface Reading {
      void take(Entry entry);
    }

    private long read(Reading reading) throws IOException {
      try (JournalReader reader = JournalReader.open(folder).orElseThrow()) {
        for (Optional<List<Entry>> group = reader.next();
            group.isPresent();
            group = reader.next()) {
          group.get().stream()
              .filter(entry -> !(entry instanceof Entry.Begun))
              .forEach(reading::take);
        }
        return reader.end();
      }
    }

    private void acknowledge(Entry entry) {
      Interval interval = interval(entry);
      acknowledged.set((int) interval.from(), (int) interval.to());
    }

    private static Interval interval(Entry entry) {
      return entry instanceof Entry.Failed failed
          ? new Interval(failed.index(), failed.index() + 1)
          : ((Entry.Accepted) entry).interval();
    }
  }
}
