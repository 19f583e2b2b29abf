package io.divvy.node.member;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.divvy.node.boot.Home;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file in which the nodes of a user find each other.
 *
 * <p>All reading and writing happens under a lock that holds between processes, so that of many
 * nodes that start at once just one founds the cluster. The file is replaced as a whole: a node
 * that is killed while it writes leaves the old one.
 */
final class Registry {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(10);

  /** A file lock belongs to the JVM, and taking it twice there is an error. */
  private static final Lock IN_THIS_JVM = new ReentrantLock();

  private static final String EMPTY = "{\"nodes\":[]}";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** The whole file. */
  record Content(String schema, List<Entry> nodes) {
    static final String SCHEMA = "divvy.nodes/1";

    Content {
      nodes = List.copyOf(nodes);
    }
  }

  /** What becomes of the entries, and what the one who asked is told. */
  record Step<T>(List<Entry> entries, T answer) {
    Step {
      entries = List.copyOf(entries);
    }
  }

  private final Path folder;
  private final Path file;
  private final String machine;
  private final LongFunction<Optional<String>> startOf;
  private final Consumer<String> warn;

  Registry(Path folder, Consumer<String> warn) {
    this(folder, Processes.space(), Processes::startOf, warn);
  }

  Registry(
      Path folder, String machine, LongFunction<Optional<String>> startOf, Consumer<String> warn) {
    this.folder = folder;
    this.file = folder.resolve("nodes.json");
    this.machine = machine;
    this.startOf = startOf;
    this.warn = warn;
  }

  /** Looks at the entries and changes them, while nobody else does. */
  <T> T change(Function<List<Entry>, Step<T>> change) throws IOException, InterruptedException {
    new Home(folder).create();
    entries(); // loads the classes that this takes, which is long, before others have to wait
    IN_THIS_JVM.lockInterruptibly();
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("nodes.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock(channel); // given back when the channel is closed
      List<Entry> before = read();
      Step<T> step = change.apply(before);
      if (!step.entries().equals(before)) {
        write(step.entries());
      }
      return step.answer();
    } finally {
      IN_THIS_JVM.unlock();
    }
  }

  /** The entries as they are now; without the lock, since the file is replaced as a whole. */
  List<Entry> entries() throws IOException {
    return parsed(text().orElse(EMPTY)).orElse(List.of());
  }

  /** Replaces the entry of the same address, or adds it. */
  void put(Entry own) throws IOException, InterruptedException {
    change(entries -> new Step<>(with(entries, own), own));
  }

  /** Takes the entry out, unless another process has this address now. */
  void remove(Entry own) throws IOException, InterruptedException {
    change(
        entries ->
            new Step<>(entries.stream().filter(entry -> !sameProcess(entry, own)).toList(), own));
  }

  /** What this machine can tell of the node's process. */
  Entry.Life life(Entry entry) {
    if (!entry.machine().equals(machine)) {
      return Entry.Life.UNKNOWN;
    }
    return startOf.apply(entry.pid()).filter(entry.start()::equals).isPresent()
        ? Entry.Life.ALIVE
        : Entry.Life.DEAD;
  }

  static List<Entry> with(List<Entry> entries, Entry own) {
    return Stream.concat(
            entries.stream().filter(entry -> !entry.address().equals(own.address())),
            Stream.of(own))
        .toList();
  }

  static boolean sameProcess(Entry one, Entry other) {
    return one.pid() == other.pid()
        && one.start().equals(other.start())
        && one.machine().equals(other.machine());
  }

  /** A holder that was stopped must not stop everyone for ever, nor without a word. */
  private void lock(FileChannel channel) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "another process holds "
                + folder.resolve("nodes.lock")
                + " for more than "
                + PATIENCE.toSeconds()
                + " s; is one stopped?");
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private List<Entry> read() throws IOException {
    Optional<List<Entry>> entries = parsed(text().orElse(EMPTY));
    if (entries.isEmpty()) {
      setAside();
    }
    return entries.orElse(List.of());
  }

  private Optional<String> text() throws IOException {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<List<Entry>> parsed(String text) {
    try {
      List<Entry> nodes = JSON.readValue(text, Content.class).nodes();
      nodes.forEach(Registry::requireWhole);
      return Optional.of(nodes);
    } catch (JsonProcessingException | NullPointerException e) {
      return Optional.empty();
    }
  }

  private static void requireWhole(Entry entry) {
    Objects.requireNonNull(entry.name());
    Objects.requireNonNull(entry.address());
    Objects.requireNonNull(entry.start());
    Objects.requireNonNull(entry.machine());
    Objects.requireNonNull(entry.state());
  }

  private void setAside() throws IOException {
    Path aside = folder.resolve("nodes.json.unreadable");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    warn.accept(
        file + " was not as nodes write it; it is now " + aside + ", and nodes register again");
  }

  private void write(List<Entry> entries) throws IOException {
    Path next = Files.createTempFile(folder, "nodes", ".tmp");
    try {
      String text = JSON.writeValueAsString(new Content(Content.SCHEMA, entries));
      Files.writeString(next, text, StandardCharsets.ISO_8859_1);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }
}
