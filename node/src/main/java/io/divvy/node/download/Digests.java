package io.divvy.node.download;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The digest of a download: that of its files' digests, in the order of the list. Takes 33 bytes an
 * item. For any number of threads.
 */
final class Digests {

  private static final int BYTES = 32;

  private byte[] digests = new byte[BYTES * 64];
  private boolean[] there = new boolean[64];
  private long items;

  /** The file of this item. */
  synchronized void put(long item, String sha256) {
    int index = Math.toIntExact(item);
    if (index >= there.length) {
      int size = Math.max(index + 1, there.length * 2);
      there = Arrays.copyOf(there, size);
      digests = Arrays.copyOf(digests, Math.multiplyExact(size, BYTES));
    }
    System.arraycopy(HexFormat.of().parseHex(sha256), 0, digests, index * BYTES, BYTES);
    there[index] = true;
    items = Math.max(items, item + 1);
  }

  /** Over the digests that are there, each as a length of four bytes and 32 bytes. */
  synchronized String digest() {
    MessageDigest all = sha256();
    for (int item = 0; item < items; item++) {
      if (there[item]) {
        all.update(ByteBuffer.allocate(4).putInt(BYTES).flip());
        all.update(digests, item * BYTES, BYTES);
      }
    }
    return "sha256:" + HexFormat.of().formatHex(all.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
