package io.divvy.node.download.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that notices bytes which belong to no answer.
 *
 * <p>What follows the end of a body makes the transfer fail when it has arrived by then; when the
 * connection is to be closed anyway, a moment is waited for it. What arrives later, on a connection
 * that is kept, is found before the next request is sent: it would be read as the answer to that.
 */
final class StrictConnection extends DefaultManagedHttpClientConnection {
  /** The server said more than it was to say. */
  static final class Surplus extends IOException {
    private static final long serialVersionUID = 1L;

    Surplus(String text) {
      super(text);
    }
  }

  private static final Timeout MOMENT = Timeout.ofMilliseconds(50);

  private @Nullable SessionInputBuffer received;
  private boolean kept;

  StrictConnection(String id) {
    super(id, null, null, Answers.BOUNDS, new Framing(), null, null, null, config -> new Answers());
  }

  @Override
  public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
    if (more()) {
      throw new Surplus("bytes that no request asked for");
    }
    super.sendRequestHeader(request);
  }

  @Override
  protected void onResponseReceived(ClassicHttpResponse response) {
    kept =
        response == null
            || DefaultConnectionReuseStrategy.INSTANCE.keepAlive(
                null, response, HttpCoreContext.create());
  }

  @Override
  protected InputStream createContentInputStream(
      long length, SessionInputBuffer buffer, InputStream input) {
    received = buffer;
    if (length == ContentLengthStrategy.UNDEFINED) {
      return super.createContentInputStream(length, buffer, input);
    }
    SessionInputBuffer lines =
        length == ContentLengthStrategy.CHUNKED ? new ChunkLines(buffer) : buffer;
    return new Whole(super.createContentInputStream(length, lines, input));
  }

  private boolean more() throws IOException {
    if (received != null && received.length() > 0) {
      return true;
    }
    Socket socket = getSocket();
    return socket != null && socket.getInputStream().available() > 0;
  }

  /** A body with an end of its own, which is looked at when it is reached. */
  private final class Whole extends FilterInputStream {
    private boolean ended;

    Whole(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      return checked(super.read());
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      return checked(super.read(bytes, from, count));
    }

    private int checked(int read) throws IOException {
      if (read < 0 && !ended) {
        ended = true;
        if (more() || (!kept && isDataAvailable(MOMENT))) {
          throw new Surplus("more bytes follow the end of the body");
        }
      }
      return read;
    }
  }
}
