package io.divvy.node.download.manifest;

import io.divvy.node.download.list.Line.Wanted;
import io.divvy.node.download.list.Mark;
import io.divvy.node.download.list.Marks;
import io.divvy.node.download.place.Placed;
import io.divvy.node.download.place.Store;
import io.divvy.node.download.place.StoreException;
import io.divvy.node.input.UsageException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of one DIR, which belongs to one run as long as it is open. Of several lines for one
 * URL the last one counts; in memory there is only where it stands.
 */
public final class Manifest implements Closeable {

  /** How closely to look whether a file is still the one that was fetched. */
  public enum Check {
    /** It is there and has that length. */
    LENGTH,
    /** All of its bytes are what they were. */
    DIGEST
  }

  private static final String NAME = "manifest.jsonl";
  private static final int MAX_LINE = 1 << 20;
  private static final int MOST_DAMAGE = 10;
  private static final int USUAL_LINE = 1 << 10;

  private final Store store;
  private final Path file;
  private final FileChannel lock;
  // No channel: that would be closed when a thread that writes is interrupted.
  private final RandomAccessFile log;
  private final Marks places = new Marks();
  private final List<String> damage = new ArrayList<>();
  private long end;
  private long lines;
  private boolean finished;

  private Manifest(Store store, Path file, FileChannel lock, RandomAccessFile log) {
    this.store = store;
    this.file = file;
    this.lock = lock;
    this.log = log;
  }

  /**
   * Reads what earlier runs wrote, and keeps other runs out.
   *
   * @throws UsageException when another run has the folder, or when the file cannot be used
   */
  public static Manifest open(Store store) throws UsageException {
    Path folder = store.dir().resolve(Store.PRIVATE);
    Path file = folder.resolve(NAME);
    @Nullable FileChannel lock = null;
    try {
      lock = locked(store.dir(), folder.resolve("lock"));
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new UsageException(file + " is a link or a folder; remove it");
      }
      Manifest manifest =
          new Manifest(store, file, lock, new RandomAccessFile(file.toFile(), "rw"));
      manifest.readAll();
      lock = null;
      return manifest;
    } catch (IOException e) {
      throw new UsageException(
          StoreException.of("the manifest " + file + " cannot be used", e).getMessage(), e);
    } finally {
      closeQuietly(lock);
    }
  }

  private static FileChannel locked(Path dir, Path file) throws IOException, UsageException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // A run in this very JVM.
    }
    if (!locked) {
      channel.close();
      throw new UsageException(
          "another run is downloading to " + dir + "; wait for its end, or give another --to");
    }
    return channel;
  }

  /**
   * Lines that say nothing, with their numbers: the first few. What they said is done again, and
   * {@link #finish} leaves them out.
   */
  public synchronized List<String> damage() {
    return List.copyOf(damage);
  }

  /** How many URLs it knows. */
  public synchronized int size() {
    return places.size();
  }

  /** What became of a URL the last time. */
  public synchronized Optional<Entry> last(String url, Optional<String> out) throws StoreException {
    long at = places.get(Entry.key(url, out));
    try {
      return at == Marks.ABSENT ? Optional.empty() : Entry.read(lineAt(at));
    } catch (IOException e) {
      throw StoreException.of("cannot read the manifest " + file, e);
    }
  }

  /**
   * What is known of an item that needs no fetching: its file is there, and is what it should be.
   */
  public Optional<Entry> complete(Wanted item, Check check) throws StoreException {
    Optional<Entry> last = last(item.url().toString(), item.out());
    return last.isPresent() && isComplete(last.get(), item, check) ? last : Optional.empty();
  }

  /** Whether {@code last}, which became of the item the last time, makes fetching it needless. */
  public boolean isComplete(Entry last, Wanted item, Check check) throws StoreException {
    Optional<Placed> placed = last.placed();
    if (placed.isEmpty()
        || !item.sha256().orElse(placed.get().sha256()).equals(placed.get().sha256())) {
      return false;
    }
    return check == Check.DIGEST ? store.holds(placed.get()) : store.hasLength(placed.get());
  }

  /** Adds a line, which is there when this process dies the moment after. */
  public synchronized void add(Entry entry) throws StoreException {
    if (finished) {
      throw new IllegalStateException("the manifest is finished");
    }
    byte[] line = (entry.json() + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      log.seek(end);
      log.write(line);
      places.put(entry.key(), end);
      end += line.length;
      lines++;
    } catch (IOException e) {
      cutBack();
      throw StoreException.of("cannot write the manifest " + file, e);
    }
  }

  // Half a line must not stand before the next one.
  private void cutBack() {
    try {
      log.setLength(end);
    } catch (IOException e) {
      // The next line is written at the same place anyway.
    }
  }

  /**
   * Takes away the files that it tells of, but for those that were changed since, and begins anew.
   */
  public synchronized void clear() throws StoreException {
    List<Long> all = new ArrayList<>();
    places.forEach(all::add);
    try {
      for (long place : all) {
        Optional<Placed> placed = Entry.read(lineAt(place)).flatMap(Entry::placed);
        if (placed.isPresent()) {
          store.withdraw(placed.get());
        }
      }
      log.setLength(0);
    } catch (IOException e) {
      throw StoreException.of("cannot clear the manifest " + file, e);
    }
    places.clear();
    damage.clear();
    end = 0;
    lines = 0;
  }

  /** Makes all lines so far, and the files that they tell of, outlast a loss of power. */
  public void sync() throws StoreException {
    store.sync();
    try {
      log.getFD().sync();
    } catch (IOException e) {
      throw StoreException.of("cannot write the manifest " + file, e);
    }
  }

  /**
   * Leaves one line per URL, in the order in which they ended. Nothing can be added afterwards.
   *
   * @param copy a file that gets the same lines
   */
  public synchronized void finish(Optional<Path> copy) throws StoreException {
    sync();
    finished = true;
    try {
      if (lines != places.size() || !damage.isEmpty()) {
        replace(file);
      }
    } catch (IOException e) {
      throw StoreException.of("cannot write the manifest " + file, e);
    }
    if (copy.isPresent()) {
      try {
        copy(copy.get().toAbsolutePath());
      } catch (IOException e) {
        throw StoreException.of("cannot write the manifest " + copy.get(), e);
      }
    }
  }

  private void copy(Path target) throws IOException {
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      try (OutputStream output = new FileOutputStream(target.toFile())) {
        write(output);
      }
      return;
    }
    // Through a link, so that the link stays one.
    replace(Files.exists(target) ? target.toRealPath() : target);
  }

  private void replace(Path target) throws IOException {
    String mark = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path written = target.resolveSibling(target.getFileName() + "." + mark + ".tmp");
    try {
      Files.createFile(written);
      try (FileOutputStream output = new FileOutputStream(written.toFile())) {
        write(output);
        output.getFD().sync();
      }
      move(written, target);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  // The log stays open after its file was replaced, so a copy is written from it all the same.
  private void write(OutputStream output) throws IOException {
    long[] order = new long[places.size()];
    int[] count = new int[1];
    places.forEach(place -> order[count[0]++] = place);
    Arrays.sort(order);
    BufferedOutputStream buffered = new BufferedOutputStream(output, 1 << 16);
    for (long place : order) {
      buffered.write(lineAt(place));
      buffered.write('\n');
    }
    buffered.flush();
  }

  /** Lets other runs in. */
  @Override
  public synchronized void close() throws IOException {
    try {
      log.close();
    } finally {
      lock.close();
    }
  }

  private byte[] lineAt(long place) throws IOException {
    byte[] line = new byte[USUAL_LINE];
    int length = 0;
    log.seek(place);
    while (true) {
      int read = log.read(line, length, line.length - length);
      for (int i = length; i < length + read; i++) {
        if (line[i] == '\n') {
          return Arrays.copyOf(line, i);
        }
      }
      if (read < 0) {
        throw new IOException("it was changed by somebody else");
      }
      length += read;
      line = Arrays.copyOf(line, line.length * 2);
    }
  }

  private void readAll() throws IOException {
    long number = 0;
    ByteArrayOutputStream line = new ByteArrayOutputStream(USUAL_LINE);
    try (InputStream input = new BufferedInputStream(new FileInputStream(file.toFile()), 1 << 16)) {
      long at = 0;
      for (int next = input.read(); next >= 0; next = input.read()) {
        at++;
        if (next == '\n') {
          learn(line.toByteArray(), ++number);
          line.reset();
          end = at;
        } else if (line.size() <= MAX_LINE) {
          line.write(next);
        }
      }
    }
    mendEnd(line.toByteArray());
  }

  private void learn(byte[] line, long number) {
    lines++;
    Optional<Mark> key =
        line.length > MAX_LINE ? Optional.empty() : Entry.read(line).map(Entry::key);
    if (key.isPresent()) {
      places.put(key.get(), end);
    } else if (damage.size() < MOST_DAMAGE) {
      damage.add("line " + number + " of " + file + " is damaged; what it said is done again");
    }
  }

  // A process that was killed while it wrote leaves a part of a line, or all but its end.
  private void mendEnd(byte[] rest) throws IOException {
    Optional<Entry> whole = rest.length == 0 ? Optional.empty() : Entry.read(rest);
    log.setLength(end);
    if (whole.isPresent()) {
      add(whole.get());
    }
  }

  private static void closeQuietly(@Nullable Closeable resource) {
    if (resource != null) {
      try {
        resource.close();
      } catch (IOException e) {
        // It was only opened to keep others out.
      }
    }
  }
}
