package io.divvy.node.download.fetch;

import java.io.IOException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/** The lines between chunks. The library also takes {@code +5} and {@code -0} for sizes. */
final class ChunkLines extends Lines {
  private static final int MOST_DIGITS = 15;

  private boolean afterLast;

  ChunkLines(SessionInputBuffer buffer) {
    super(buffer);
  }

  @Override
  boolean mayBeMissing() {
    return false;
  }

  @Override
  void check(CharArrayBuffer line, int from) throws IOException {
    if (afterLast || line.length() == from) {
      return; // a trailer, or the end of a chunk
    }
    int end = from;
    boolean zero = true;
    while (end < line.length() && Character.digit(line.charAt(end), 16) >= 0) {
      zero &= line.charAt(end) == '0';
      end++;
    }
    int digits = end - from;
    while (end < line.length() && (line.charAt(end) == ' ' || line.charAt(end) == '\t')) {
      end++;
    }
    boolean ended = end == line.length() || line.charAt(end) == ';';
    if (digits == 0 || digits > MOST_DIGITS || !ended) {
      throw new MalformedChunkCodingException(
          "bad chunk size: " + Texts.clean(line.substring(from, line.length())));
    }
    afterLast = zero;
  }
}
