package io.divvy.coordinator.journal;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a file, one after the other; no more than one is in memory.
 *
 * <p>A group is its length, the checksum of its bytes, the checksum of these two numbers and of
 * where it begins, and its bytes. So a length is believed only when it is right.
 */
final class Groups implements Closeable {

  static final byte[] MAGIC = {'D', 'i', 'v', 'v', 'y', 'J', 'n', 'l'};
  static final int HEADER = 3 * Integer.BYTES;

  private final Path file;
  private final long size;
  private final DataInputStream in;
  private long end = MAGIC.length;
  private boolean torn;

  /**
   * Reads what is in the file now; what is appended later is not looked at.
   *
   * @throws JournalException when it is no journal
   */
  Groups(Path file) throws IOException {
    this.file = file;
    this.size = Files.size(file);
    this.in = from(0);
    byte[] begin = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(begin, 0, begin.length, MAGIC, 0, begin.length)) {
      in.close();
      throw new JournalException(file + " is no journal of Divvy; give the folder of one");
    }
    torn = begin.length < MAGIC.length;
  }

  /** The header of a group that begins at {@code offset}. */
  static byte[] header(long offset, byte[] body) {
    CRC32C bodySum = new CRC32C();
    bodySum.update(body, 0, body.length);
    int sum = (int) bodySum.getValue();
    return ByteBuffer.allocate(HEADER)
        .putInt(body.length)
        .putInt(sum)
        .putInt(sum(offset, body.length, sum))
        .array();
  }

  /**
   * The bytes of the next group, or null when there is no further one.
   *
   * @throws JournalException when it is damaged, and not just torn as the last one may be
   */
  byte @Nullable [] next() throws IOException {
    if (torn || end == size) {
      return null;
    }
    if (size - end < HEADER) {
      torn = true;
      return null;
    }
    int length = in.readInt();
    int bodySum = in.readInt();
    if (in.readInt() != sum(end, length, bodySum) || length < 0) {
      if (isAnyGroupBehind(end + 1)) {
        throw damaged(file, end);
      }
      torn = true;
      return null;
    }
    long behind = end + HEADER + length;
    if (behind > size) {
      torn = true;
      return null;
    }
    byte[] body = new byte[length];
    in.readFully(body);
    CRC32C sum = new CRC32C();
    sum.update(body, 0, length);
    if ((int) sum.getValue() != bodySum) {
      if (behind < size) {
        throw damaged(file, end);
      }
      torn = true;
      return null;
    }
    end = behind;
    return body;
  }

  /** Where the last group that was read ends. */
  long end() {
    return end;
  }

  /** Whether something follows it that is not a whole group. */
  boolean torn() {
    return torn;
  }

  private static JournalException damaged(Path file, long offset) {
    return damaged(file, offset, new IOException("a checksum is wrong"));
  }

  static JournalException damaged(Path file, long offset, IOException cause) {
    return new JournalException(
        file
            + " is damaged at byte "
            + offset
            + "; what follows cannot be trusted, so run the job without --resume, or restore the"
            + " file",
        cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private DataInputStream from(long offset) throws IOException {
    FileInputStream bytes = new FileInputStream(file.toFile());
    bytes.skipNBytes(offset);
    return new DataInputStream(new BufferedInputStream(bytes, 1 << 16));
  }

  /** Groups are written one after the other: one further on proves that this one was whole. */
  private boolean isAnyGroupBehind(long offset) throws IOException {
    try (DataInputStream bytes = from(offset)) {
      ByteBuffer header = ByteBuffer.wrap(bytes.readNBytes(HEADER));
      if (header.limit() < HEADER) {
        return false;
      }
      for (long at = offset; at + HEADER <= size; at++) {
        int length = header.getInt(0);
        if (length >= 0
            && at + HEADER + length <= size
            && header.getInt(2 * Integer.BYTES) == sum(at, length, header.getInt(Integer.BYTES))) {
          return true;
        }
        header.get(1, header.array(), 0, HEADER - 1).put(HEADER - 1, (byte) bytes.read());
      }
      return false;
    } catch (EOFException e) {
      return false; // it is shorter than a moment ago
    }
  }

  private static int sum(long offset, int length, int bodySum) {
    CRC32C sum = new CRC32C();
    sum.update(
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES)
            .putLong(offset)
            .putInt(length)
            .putInt(bodySum)
            .flip());
    return (int) sum.getValue();
  }
}
