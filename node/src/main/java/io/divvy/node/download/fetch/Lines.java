package io.divvy.node.download.fetch;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * The buffer of a connection whose lines are looked at before the library reads them. For the
 * library the end of the connection also ends a line, the headers and the trailers, so an answer
 * that breaks off there would look complete.
 */
abstract class Lines implements SessionInputBuffer {
  private final SessionInputBuffer buffer;
  private boolean begun;

  Lines(SessionInputBuffer buffer) {
    this.buffer = buffer;
  }

  /** What must hold of each line. */
  abstract void check(CharArrayBuffer line, int from) throws IOException;

  /** Whether the connection may end before the first line. */
  abstract boolean mayBeMissing();

  @Override
  public int readLine(CharArrayBuffer line, InputStream input) throws IOException {
    int from = line.length();
    int read = buffer.readLine(line, input);
    if (read < 0) {
      if (!begun && mayBeMissing()) {
        return read;
      }
      throw new ConnectionClosedException("the connection ended within the headers or chunks");
    }
    begun = true;
    check(line, from);
    return read;
  }

  @Override
  public HttpTransportMetrics getMetrics() {
    return buffer.getMetrics();
  }

  @Override
  public int length() {
    return buffer.length();
  }

  @Override
  public int capacity() {
    return buffer.capacity();
  }

  @Override
  public int available() {
    return buffer.available();
  }

  @Override
  public int read(byte[] bytes, int from, int count, InputStream input) throws IOException {
    return buffer.read(bytes, from, count, input);
  }

  @Override
  public int read(byte[] bytes, InputStream input) throws IOException {
    return buffer.read(bytes, input);
  }

  @Override
  public int read(InputStream input) throws IOException {
    return buffer.read(input);
  }
}
