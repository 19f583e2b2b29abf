package io.divvy.node.compare.download;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Images in PNG that no two numbers share, each of exactly as many bytes as asked for. */
final class Picture {

  static final int LEAST_BYTES = 500;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int COLOURS = 3;
  private static final int CHUNK_OVERHEAD = 12;

  private Picture() {}

  /** A square whose colours run from corner to corner. */
  static byte[] png(int number, int bytes) {
    if (bytes < LEAST_BYTES) {
      throw new IllegalArgumentException("an image takes " + LEAST_BYTES + " bytes, got " + bytes);
    }
    // What is not compressed has a length that can be reckoned with; the rest is filled up.
    byte[] comment = ("Comment\0image " + number).getBytes(StandardCharsets.ISO_8859_1);
    int side = (int) Math.sqrt((bytes - comment.length) / (double) COLOURS);
    byte[] pixels = pixels(number, side);
    while (length(pixels) + CHUNK_OVERHEAD + comment.length > bytes) {
      pixels = pixels(number, --side);
    }
    int room = bytes - length(pixels) - CHUNK_OVERHEAD;
    byte[] filled = Arrays.copyOf(comment, room);
    Arrays.fill(filled, comment.length, room, (byte) ' ');
    ByteArrayOutputStream png = new ByteArrayOutputStream(bytes);
    png.writeBytes(SIGNATURE);
    chunk(png, "IHDR", header(side));
    chunk(png, "tEXt", filled);
    chunk(png, "IDAT", pixels);
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  /** Of an image without a comment. */
  private static int length(byte[] pixels) {
    return SIGNATURE.length + 3 * CHUNK_OVERHEAD + header(1).length + pixels.length;
  }

  private static byte[] header(int side) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(header)) {
      data.writeInt(side);
      data.writeInt(side);
      data.write(new byte[] {8, 2, 0, 0, 0}); // 8 bits for each of red, green and blue
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return header.toByteArray();
  }

  private static byte[] pixels(int number, int side) {
    byte[] row = new byte[1 + COLOURS * side]; // the first says that there is no filter
    Deflater stored = new Deflater(Deflater.NO_COMPRESSION);
    ByteArrayOutputStream pixels = new ByteArrayOutputStream(row.length * side + 1024);
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(pixels, stored)) {
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          row[1 + COLOURS * x] = (byte) (255L * x / side + 41L * number);
          row[2 + COLOURS * x] = (byte) (255L * y / side);
          row[3 + COLOURS * x] = (byte) (97L * number);
        }
        deflated.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    } finally {
      stored.end();
    }
    return pixels.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    try (DataOutputStream data = new DataOutputStream(png)) {
      data.writeInt(content.length);
      data.write(name);
      data.write(content);
      data.writeInt((int) sum.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
  }
}
