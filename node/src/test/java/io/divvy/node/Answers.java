package io.divvy.node;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a job has to answer, computed here and in no way that the program has. */
final class Answers {
  private Answers() {}

  /** The digest of the numbers from 0 on, as {@code wait} answers them. */
  static String digestOfNumbers(long count) {
    return digest(LongStream.range(0, count).mapToObj(BigInteger::valueOf));
  }

  /** The digest of the powers of the numbers from 0 on. */
  static String digestOfPowers(long count, int exponent) {
    return digest(LongStream.range(0, count).mapToObj(n -> BigInteger.valueOf(n).pow(exponent)));
  }

  /** The digest of integers in order. */
  static String digest(Stream<BigInteger> values) {
    return "sha256:" + hex(digestOfLengthsAnd(values.map(BigInteger::toByteArray)));
  }

  /** The digest of files in the order of their list: that of their own digests. */
  static String digestOfFiles(Collection<byte[]> contents) {
    return "sha256:"
        + hex(digestOfLengthsAnd(contents.stream().map(content -> sha256().digest(content))));
  }

  /** The digest of one file. */
  static String sha256(byte[] content) {
    return hex(sha256().digest(content));
  }

  private static byte[] digestOfLengthsAnd(Stream<byte[]> values) {
    MessageDigest sha256 = sha256();
    values
        .sequential()
        .forEach(
            bytes -> {
              sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
              sha256.update(bytes);
            });
    return sha256.digest();
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
