package io.divvy.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How values travel inside a {@link Result}: for a map kind one {@link Item} after the other, for a
 * reduction one {@link Part} after the other.
 */
public final class Payload {

  private Payload() {}

  /**
   * The value of one item of a map kind.
   *
   * @param value the canonical bytes
   * @param line the value line, when wanted
   * @param displayLine the display line, when wanted and there is one
   * @param nanos how long the function took, by the node's clock
   */
  public record Item(
      byte[] value, @Nullable String line, @Nullable String displayLine, long nanos) {}

  /**
   * The value of consecutive blocks of a reduction.
   *
   * @param firstBlock the index of the first block
   * @param blocks how many, a power of two of which {@code firstBlock} is a multiple unless the
   *     kind is exact
   * @param value the canonical bytes
   */
  public record Part(long firstBlock, long blocks, byte[] value) {}

  /** Appends to a payload. */
  public static final class Writer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public void item(Item item) {
      blob(item.value());
      text(item.line());
      text(item.displayLine());
      number(item.nanos());
    }

    public void part(Part part) {
      number(part.firstBlock());
      number(part.blocks());
      blob(part.value());
    }

    /** How many bytes were written. */
    public int size() {
      return bytes.size();
    }

    /** What was written; the writer is empty afterwards. */
    public byte[] take() {
      byte[] taken = bytes.toByteArray();
      bytes.reset();
      return taken;
    }

    private void blob(byte[] value) {
      number(value.length);
      bytes.write(value, 0, value.length);
    }

    private void text(@Nullable String text) {
      if (text == null) {
        number(0);
      } else {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length + 1L);
        bytes.write(utf8, 0, utf8.length);
      }
    }

    /** Seven bits a byte, the lowest first. */
    private void number(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }
  }

  /** Reads a payload from its beginning. */
  public static final class Reader {
    private final ByteBuffer bytes;

    public Reader(byte[] payload) {
      this.bytes = ByteBuffer.wrap(payload);
    }

    public boolean hasMore() {
      return bytes.hasRemaining();
    }

    public Item item() {
      return new Item(blob(), text(), text(), number());
    }

    public Part part() {
      return new Part(number(), number(), blob());
    }

    private byte[] blob() {
      return bytes(number());
    }

    private @Nullable String text() {
      long length = number();
      return length == 0 ? null : new String(bytes(length - 1), StandardCharsets.UTF_8);
    }

    private byte[] bytes(long length) {
      if (length < 0 || length > bytes.remaining()) {
        throw new IllegalArgumentException(
            "a payload names " + length + " bytes, " + bytes.remaining() + " are left");
      }
      byte[] blob = new byte[(int) length];
      bytes.get(blob);
      return blob;
    }

    private long number() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = bytes.get();
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a number in a payload has more than 64 bits");
    }
  }
}
