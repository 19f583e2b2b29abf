package io.divvy.coordinator.merge;

import io.divvy.protocol.Interval;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Puts the results of one run together. It is told of every item exactly once, in any order, and is
 * used by one thread at a time.
 */
public interface Merge extends Closeable {

  /**
   * Takes the values of {@code interval}, none of which it has yet.
   *
   * @param payload what {@link io.divvy.protocol.Payload} reads
   * @throws IOException when output or a segment file cannot be written
   */
  void add(Interval interval, byte[] payload, Origin origin) throws IOException;

  /** Takes notice that the item at {@code index} has no value and never will. */
  void fail(long index) throws IOException;

  /** Everything it was told is written out; also what lies behind a gap, in order. */
  Merged finish() throws IOException;

  /** Frees files and memory; after this nothing else is called. */
  @Override
  void close() throws IOException;

  /** Who computed a value. {@code worker} counts from 1 within the node. */
  record Origin(String node, int worker) {}

  /**
   * What came out.
   *
   * @param result the value line of a reduction; of a map kind that of the first item, or null when
   *     it has none
   * @param digest {@code sha256:} and 64 hexadecimal digits over the values in order, each as its
   *     length in 4 bytes, big-endian, and its canonical bytes
   */
  record Merged(@Nullable String result, String digest) {}
}
