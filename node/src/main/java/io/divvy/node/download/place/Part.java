package io.divvy.node.download.place;

import io.divvy.node.download.list.Mark;
import io.divvy.node.download.place.StoreException.Trouble;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that is growing. It is begun with {@link #restart} or gone on with by {@link #resume},
 * grows with {@link #append}, and ends with {@link #commit}, or with {@link #close}: then it is
 * kept when a later transfer can go on with it, and removed when not. For one thread at a time.
 *
 * <p>The note beside it, with the validator, is what makes it one that can be gone on with. It goes
 * before the file gets its name; so a file that has its name already is never written to.
 */
public final class Part implements Closeable {

  // A file that is lost with the process before it is this long is soon there again.
  private static final long NOTED_FROM = 1 << 20;
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

  private final Store store;
  private final Path file;
  private final @Nullable Path note;
  private final @Nullable FileLock lock;
  private Optional<Validator> validator = Optional.empty();
  private @Nullable FileChannel channel;
  private @Nullable MessageDigest digest;
  private long length;
  private boolean noted;
  private boolean settled;

  private Part(Store store, Path file, @Nullable Path note, @Nullable FileLock lock) {
    this.store = store;
    this.file = file;
    this.note = note;
    this.lock = lock;
  }

  /** The one that later transfers find again. */
  static Part shared(Store store, Path file, Path note, FileLock lock) throws IOException {
    Part part = new Part(store, file, note, lock);
    try {
      part.find(note);
      return part;
    } catch (IOException e) {
      lock.release();
      throw e;
    }
  }

  /** One that nobody finds again. */
  static Part own(Store store, Path file, Optional<FileLock> lock) {
    return new Part(store, file, null, lock.orElse(null));
  }

  /** What the lock of a temporary file is taken on, by its name without its ending. */
  static Mark key(String name) {
    return KEY.matcher(name).matches()
        ? new Mark(
            HexFormat.fromHexDigitsToLong(name, 0, 16), HexFormat.fromHexDigitsToLong(name, 16, 32))
        : Mark.of(name);
  }

  private void find(Path where) throws IOException {
    if (!Files.isRegularFile(where, LinkOption.NOFOLLOW_LINKS)
        || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String json = new String(Files.readAllBytes(where), StandardCharsets.UTF_8);
    validator = Validator.read(json);
    noted = true;
    length = validator.isPresent() ? Files.size(file) : 0;
    if (length == 0) {
      validator = Optional.empty();
    }
  }

  /** How many bytes are there. */
  public long length() {
    return length;
  }

  /** By what to prove that a transfer goes on with this file; nothing when it must start over. */
  public Optional<Validator> resumable() {
    return validator.filter(known -> length > 0);
  }

  /** Goes on after the {@link #length} bytes that are there. */
  public void resume() throws StoreException {
    if (resumable().isEmpty()) {
      throw new IllegalStateException("nothing is there to go on with");
    }
    try {
      FileChannel open = channel;
      if (open == null) {
        open =
            FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        channel = open;
      }
      if (digest == null) {
        digest = hashed(open);
      }
    } catch (IOException e) {
      throw StoreException.of("cannot go on with a temporary file", e);
    }
  }

  // What is hashed is what counts: the length may be that before a write that failed halfway.
  private MessageDigest hashed(FileChannel open) throws IOException {
    MessageDigest hashed = Store.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    long position = 0;
    while (position < length) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), length - position));
      int read = open.read(buffer, position);
      if (read < 0) {
        throw new IOException("the temporary file has become shorter");
      }
      hashed.update(buffer.flip());
      position += read;
    }
    open.truncate(length);
    open.position(length);
    return hashed;
  }

  /**
   * Starts over with an empty file.
   *
   * @param proof by what a later transfer may go on with it, if there is anything strong enough
   */
  public void restart(Optional<Validator> proof) throws StoreException {
    remove();
    validator = note == null ? Optional.empty() : proof;
    digest = Store.sha256();
    try {
      // A new one, never the old one emptied: that might have another name by now.
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw StoreException.of("cannot make a temporary file", e);
    }
  }

  /** Checks that there is room for a file of that length, before it is on its way. */
  public void expect(long whole) throws StoreException {
    store.checkRoom(Math.max(0, whole - length));
  }

  /** Adds bytes at the end. */
  public void append(ByteBuffer bytes) throws StoreException {
    FileChannel open = channel;
    MessageDigest hashed = digest;
    if (open == null || hashed == null) {
      throw new IllegalStateException("neither started nor resumed");
    }
    store.writing(bytes.remaining());
    ByteBuffer written = bytes.duplicate();
    try {
      while (bytes.hasRemaining()) {
        open.write(bytes);
      }
      hashed.update(written.duplicate());
      length += written.remaining();
      if (!noted && length >= NOTED_FROM) {
        writeNote();
      }
    } catch (IOException e) {
      // Some of them may be there: they are cut off or hashed before anything is added.
      digest = null;
      throw StoreException.of("cannot write a temporary file", e);
    }
  }

  /** Flushes the file and gives it its name. */
  public Placed commit(Name name, Optional<String> contentType, Expected expected)
      throws StoreException {
    return commit(name, contentType, expected, Optional.empty());
  }

  /**
   * Flushes the file and gives it its name. One that is too short can still be gone on with; one
   * that is too long or has the wrong digest is gone.
   *
   * @param mine a file that it replaces, if that is still what it says
   */
  public Placed commit(
      Name name, Optional<String> contentType, Expected expected, Optional<Placed> mine)
      throws StoreException {
    FileChannel open = channel;
    MessageDigest hashed = digest;
    if (open == null || hashed == null) {
      throw new IllegalStateException("neither started nor resumed");
    }
    try {
      if (expected.length().orElse(0) > length) {
        expected.check(length, "");
      }
      String sha256 = HexFormat.of().formatHex(hashed.digest());
      digest = null;
      validator = Optional.empty();
      expected.check(length, sha256);
      open.force(true);
      closeChannel();
      removeNote();
      Placed placed = store.place(file, name, contentType, new Placed("", length, sha256), mine);
      settled = true;
      return placed;
    } catch (IOException e) {
      throw StoreException.of("cannot place " + name.path(contentType), e);
    }
  }

  /** Removes what is there; the part can be started again. */
  public void discard() throws StoreException {
    remove();
    validator = Optional.empty();
  }

  /** Keeps what a later transfer can go on with, and removes what not. */
  @Override
  public void close() throws StoreException {
    try {
      if (!settled && resumable().isPresent()) {
        keep();
      } else if (!settled) {
        remove();
      }
    } catch (IOException e) {
      throw StoreException.of("cannot keep a temporary file", e);
    } finally {
      settled = true;
      release();
    }
  }

  private void keep() throws IOException {
    FileChannel open = channel;
    if (open != null) {
      open.force(false);
    }
    closeChannel();
    if (!noted) {
      writeNote();
    }
  }

  private void writeNote() throws IOException {
    if (note != null && validator.isPresent()) {
      Files.deleteIfExists(note);
      Files.writeString(note, validator.get().json(), StandardOpenOption.CREATE_NEW);
    }
    noted = true;
  }

  private void removeNote() throws IOException {
    if (note != null && noted) {
      Files.deleteIfExists(note);
    }
    noted = false;
  }

  private void remove() throws StoreException {
    try {
      length = 0;
      digest = null;
      closeChannel();
      removeNote();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StoreException.of("cannot remove a temporary file", e);
    }
  }

  private void closeChannel() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private void release() throws StoreException {
    try {
      closeChannel();
      if (lock != null) {
        lock.release();
      }
    } catch (IOException e) {
      throw new StoreException(Trouble.OTHER, "cannot close a temporary file: " + e.getMessage());
    }
  }
}
