package io.divvy.node.download.place;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A file whose bytes come in parts from another machine. A part that comes again changes nothing,
 * and one that comes too early is not taken: the answer says where to go on.
 */
public final class Incoming implements Closeable {

  private final Part part;
  private boolean begun;
  private @Nullable Placed placed;

  Incoming(Part part) {
    this.part = part;
  }

  /**
   * Takes the bytes from {@code offset} on.
   *
   * @return how many bytes of the file are there now
   */
  public synchronized long append(long offset, ByteBuffer bytes) throws StoreException {
    begin();
    long length = part.length();
    if (placed == null && offset <= length && offset + bytes.remaining() > length) {
      ByteBuffer fresh = bytes.slice();
      fresh.position((int) (length - offset));
      part.append(fresh);
    }
    return part.length();
  }

  /**
   * All bytes were sent: the file gets its name. Asked again it answers the same.
   *
   * @param length how many they were
   * @param sha256 what they hash to
   */
  public synchronized Placed finish(
      Name name, Optional<String> contentType, long length, String sha256) throws StoreException {
    begin();
    if (placed == null) {
      placed =
          part.commit(
              name, contentType, new Expected(OptionalLong.of(length), Optional.of(sha256)));
    }
    return placed;
  }

  /** Removes what is there, unless it has its name already. */
  public synchronized void abort() throws StoreException {
    if (placed == null) {
      part.discard();
    }
    part.close();
  }

  /** As {@link #abort}: another machine starts over. */
  @Override
  public void close() throws StoreException {
    abort();
  }

  private void begin() throws StoreException {
    if (!begun) {
      part.restart(Optional.empty());
      begun = true;
    }
  }
}
