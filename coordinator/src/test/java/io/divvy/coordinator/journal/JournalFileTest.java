package io.divvy.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.protocol.Interval;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** What is read of a journal that was cut off or damaged. */
class JournalFileTest {
  private static final Head HEAD =
      new Head("00ff", "sum", "abcd", new TreeMap<>(), 0, 1, 1000, "0..1000", true);

  private @Nullable Path folder;

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("journal");
  }

  @AfterProperty
  void removeFolder() throws IOException {
    Files.deleteIfExists(file());
    Files.deleteIfExists(folder().resolve("lock"));
    Files.deleteIfExists(folder());
  }

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void ofOneThatWasCutAnywhereAllWholeGroupsAreRead(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Written written = write(random);
    int cut = random.nextInt(written.bytes().length + 1);
    Files.write(file(), Arrays.copyOf(written.bytes(), cut));

    Optional<JournalReader> reader = JournalReader.open(folder());

    assertThat(reader.isPresent()).isEqualTo(cut >= written.ends().get(0));
    if (reader.isPresent()) {
      long whole = written.ends().stream().filter(end -> end <= cut).count() - 1;
      assertThat(read(reader.get()))
          .usingRecursiveComparison()
          .isEqualTo(written.groups().subList(0, (int) whole));
    }
  }

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void aByteThatIsWrongIsToldOfUnlessTheLastGroupHasIt(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Written written = write(random);
    byte[] bytes = written.bytes().clone();
    int at = random.nextInt(bytes.length);
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    Files.write(file(), bytes);
    List<Long> ends = written.ends();
    long last = ends.get(ends.size() - 2);

    if (at >= last) {
      assertThat(read(JournalReader.open(folder()).orElseThrow()))
          .usingRecursiveComparison()
          .isEqualTo(written.groups().subList(0, written.groups().size() - 1));
    } else {
      long begin = ends.stream().filter(end -> end <= at).max(Long::compare).orElse(8L);
      assertThatThrownBy(() -> read(JournalReader.open(folder()).orElseThrow()))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining(file().toString())
          .hasMessageContaining(at < 8 ? "is no journal of Divvy" : "at byte " + begin + ";");
    }
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void whatFollowsTheLastWholeGroupIsTornWhateverItIs(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Written written = write(random);
    byte[] more = new byte[1 + random.nextInt(200)];
    if (random.nextBoolean()) {
      random.nextBytes(more); // else zeros, as where a file grew before its bytes came
    }
    byte[] bytes = Arrays.copyOf(written.bytes(), written.bytes().length + more.length);
    System.arraycopy(more, 0, bytes, written.bytes().length, more.length);
    Files.write(file(), bytes);

    assertThat(read(JournalReader.open(folder()).orElseThrow()))
        .usingRecursiveComparison()
        .isEqualTo(written.groups());
  }

  /** The bytes of a journal, where its head and each group end, and what is in the groups. */
  private record Written(byte[] bytes, List<Long> ends, List<List<Entry>> groups) {}

  private Written write(Random random) throws IOException {
    Files.deleteIfExists(file());
    List<Long> ends = new ArrayList<>();
    List<List<Entry>> groups = new ArrayList<>();
    Entry.Begun begun = new Entry.Begun(0, 4711, 1);
    try (JournalWriter writer =
        JournalWriter.create(JournalFolder.lock(folder()), HastyDisk::open, HEAD, begun)) {
      groups.add(List.of(begun));
      ends.add(8L + Groups.HEADER + Form.bytes(HEAD).length);
      ends.add(Files.size(file()));
      for (int left = 1 + random.nextInt(6); left > 0; left--) {
        List<Entry> group = group(random);
        writer.append(group);
        groups.add(group);
        ends.add(Files.size(file()));
      }
    }
    return new Written(Files.readAllBytes(file()), ends, groups);
  }

  private static List<Entry> group(Random random) {
    List<Entry> group = new ArrayList<>();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      long from = random.nextInt(1000);
      byte[] payload = new byte[random.nextInt(60)];
      random.nextBytes(payload);
      group.add(
          switch (random.nextInt(5)) {
            case 0 -> new Entry.Failed(from, "why: ü", "at " + "x".repeat(random.nextInt(50)));
            case 1 -> new Entry.Finished("done");
            default ->
                new Entry.Accepted(new Interval(from, from + random.nextInt(9)), payload, "n1", 2);
          });
    }
    return group;
  }

  private static List<List<Entry>> read(JournalReader opened) throws IOException {
    List<List<Entry>> groups = new ArrayList<>();
    try (JournalReader reader = opened) {
      for (Optional<List<Entry>> group = reader.next(); group.isPresent(); group = reader.next()) {
        groups.add(group.get());
      }
    }
    return groups;
  }

  private Path folder() {
    if (folder == null) {
      throw new IllegalStateException("only within a property");
    }
    return folder;
  }

  private Path file() {
    return JournalFolder.file(folder());
  }

  @Property(tries = 1)
  void aFileOfSomethingElseIsNoJournal() throws IOException {
    Files.write(file(), "Dear diary".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> JournalReader.open(folder()))
        .hasMessage(file() + " is no journal of Divvy; give the folder of one");
  }
}
