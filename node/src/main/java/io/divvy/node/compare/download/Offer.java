package io.divvy.node.compare.download;

import io.divvy.node.report.Figures;
import io.divvy.node.report.Json;
import java.time.Duration;

/**
 * What the server of images offers, and how slowly: as a distant one would, so that there is
 * something to wait for.
 *
 * @param images how many, each another one
 * @param bytes of each
 * @param latency from a request to the first byte of its answer
 * @param bytesPerSecond on each connection
 */
public record Offer(int images, int bytes, Duration latency, long bytesPerSecond) {

  /** What all images together may take: they are kept in memory. */
  public static final long MOST_BYTES = 64L << 20;

  /** The fewest bytes of an image. */
  public static final int LEAST_BYTES = Picture.LEAST_BYTES;

  public Offer {
    if (images < 1
        || bytes < LEAST_BYTES
        || (long) images * bytes > MOST_BYTES
        || latency.isNegative()
        || bytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "cannot offer " + images + " images of " + bytes + " bytes after " + latency);
    }
  }

  /** In words: {@code 40 images of 100 kB from a server in this JVM, 50 ms to ...}. */
  public String words() {
    return Figures.counted(images, "image")
        + " of "
        + amount(bytes)
        + " from a server in this JVM, "
        + latency.toMillis()
        + " ms to the first byte, "
        + amount(bytesPerSecond)
        + "/s per connection";
  }

  /** For other programs. */
  public Json json() {
    return new Json()
        .put("images", images)
        .put("imageBytes", bytes)
        .seconds("latencySeconds", latency.toNanos() / 1e9)
        .put("bytesPerSecond", bytesPerSecond);
  }

  private static String amount(long bytes) {
    String compact = Figures.compact((double) bytes);
    return compact.replaceFirst("[0-9.]+", "$0 ") + "B";
  }
}
