package io.divvy.coordinator.merge;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 over values in order, each as its length in 4 bytes, big-endian, and its bytes. */
final class ValueDigest {
  private final MessageDigest sha256;

  // Most values are tiny, and a call for each would cost more than the hashing.
  private final byte[] pending = new byte[8192];
  private int used;

  ValueDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void add(byte[] value) {
    makeRoom(Integer.BYTES);
    pending[used++] = (byte) (value.length >>> 24);
    pending[used++] = (byte) (value.length >>> 16);
    pending[used++] = (byte) (value.length >>> 8);
    pending[used++] = (byte) value.length;
    makeRoom(value.length);
    if (value.length > pending.length) {
      sha256.update(value);
    } else {
      System.arraycopy(value, 0, pending, used, value.length);
      used += value.length;
    }
  }

  /** The digest as text; nothing can be added afterwards. */
  String text() {
    sha256.update(pending, 0, used);
    return "sha256:" + HexFormat.of().formatHex(sha256.digest());
  }

  private void makeRoom(int bytes) {
    if (used + (long) bytes > pending.length) {
      sha256.update(pending, 0, used);
      used = 0;
    }
  }
}
