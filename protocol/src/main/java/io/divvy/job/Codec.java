package io.divvy.job;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * The canonical bytes of a value, and its value line. Equal values have equal bytes, on every
 * machine: the digest of a run is computed over them.
 *
 * @param <V> the type of the value
 */
public interface Codec<V> {

  /** The canonical bytes. */
  byte[] encode(V value);

  /** The value whose canonical bytes these are. */
  V decode(byte[] bytes);

  /** The value on one line of text, without line breaks. */
  String line(V value);

  /** Whole numbers of any size: the shortest big-endian two's complement; decimal lines. */
  static Codec<BigInteger> integers() {
    return of(BigInteger::toByteArray, BigInteger::new, BigInteger::toString);
  }

  /** Whole numbers that fit a {@code long}, with the same bytes as {@link #integers()}. */
  static Codec<Long> longs() {
    return of(
        value -> BigInteger.valueOf(value).toByteArray(),
        bytes -> new BigInteger(bytes).longValueExact(),
        value -> Long.toString(value));
  }

  /**
   * Doubles: 8 bytes IEEE 754 big-endian; lines with {@code decimals} digits after the point,
   * rounded as C and Python do: the exact value of the double decides, a tie goes to the even
   * digit. ({@link String#format} rounds the shortest decimal that denotes the double, upwards.)
   *
   * @param decimals at least 0
   */
  static Codec<Double> doubles(int decimals) {
    return of(
        value -> ByteBuffer.allocate(Double.BYTES).putDouble(value).array(),
        bytes -> ByteBuffer.wrap(bytes).getDouble(),
        value -> {
          if (value.isNaN() || value.isInfinite()) {
            return value.isNaN() ? "nan" : value > 0 ? "inf" : "-inf";
          }
          // A BigDecimal has no negative zero, so the sign is written apart.
          String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
          BigDecimal rounded = new BigDecimal(Math.abs(value));
          return sign + rounded.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
        });
  }

  /** Text: UTF-8; the line is the text with line breaks escaped. */
  static Codec<String> text() {
    return of(
        value -> value.getBytes(StandardCharsets.UTF_8),
        bytes -> new String(bytes, StandardCharsets.UTF_8),
        value -> value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r"));
  }

  /** Bytes as they are; the line is hexadecimal. */
  static Codec<byte[]> bytes() {
    return of(byte[]::clone, byte[]::clone, HexFormat.of()::formatHex);
  }

  /** A codec from its three functions. */
  static <V> Codec<V> of(
      Function<? super V, byte[]> encode,
      Function<byte[], ? extends V> decode,
      Function<? super V, String> line) {
    return new Codec<>() {
      @Override
      public byte[] encode(V value) {
        return encode.apply(value);
      }

      @Override
      public V decode(byte[] bytes) {
        return decode.apply(bytes);
      }

      @Override
      public String line(V value) {
        return line.apply(value);
      }
    };
  }
}
