package io.divvy.node.download.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;

/** What an exception of the network means. */
final class Failures {
  private static final int MOST_CAUSES = 20;

  private Failures() {}

  /**
   * Why it ended.
   *
   * @param answered whether the headers had come
   */
  static Cause cause(IOException e, boolean answered) {
    Optional<Refusal> refusal = find(e, Refusal.class);
    if (refusal.isPresent()) {
      return refusal.get().why();
    }
    if (e instanceof UnknownHostException) {
      return Cause.NAME_NOT_RESOLVED;
    }
    if (e instanceof ConnectTimeoutException) {
      return Cause.CONNECT_TIMEOUT;
    }
    if (e instanceof SocketTimeoutException) {
      return Cause.STALLED;
    }
    if (e instanceof StrictConnection.Surplus) {
      return Cause.BODY_TOO_LONG;
    }
    if (e instanceof NoHttpResponseException) {
      return Cause.CLOSED_WITHOUT_ANSWER;
    }
    if (e instanceof TruncatedChunkException || e instanceof ConnectionClosedException) {
      return answered ? Cause.BODY_TOO_SHORT : Cause.CLOSED_WITHOUT_ANSWER;
    }
    if (e instanceof MalformedChunkCodingException || has(e, Framing.Contradiction.class)) {
      return Cause.BAD_FRAMING;
    }
    if (e instanceof MessageConstraintException || has(e, HttpException.class)) {
      return Cause.BAD_ANSWER;
    }
    return e instanceof SSLException ? ofTls(e, answered) : ofConnection(e);
  }

  private static Cause ofTls(IOException e, boolean answered) {
    if (e instanceof SSLPeerUnverifiedException || has(e, GeneralSecurityException.class)) {
      return Cause.TLS_NOT_VERIFIED;
    }
    if (has(e, SocketException.class)) {
      return Cause.CONNECTION_RESET;
    }
    if (answered) {
      return Cause.BODY_TOO_SHORT; // not closed as TLS demands, or tampered with
    }
    if (has(e, EOFException.class)) {
      return Cause.CONNECTION_RESET;
    }
    return Cause.TLS_FAILED;
  }

  private static Cause ofConnection(IOException e) {
    if (e instanceof NoRouteToHostException) {
      return Cause.UNREACHABLE;
    }
    if (e instanceof ConnectException) {
      return String.valueOf(e.getMessage()).contains("refused")
          ? Cause.CONNECTION_REFUSED
          : Cause.UNREACHABLE;
    }
    return Cause.CONNECTION_RESET;
  }

  /** The cause and what the exception says of it. */
  static String text(Cause cause, IOException e) {
    Optional<Refusal> refusal = find(e, Refusal.class);
    if (refusal.isPresent()) {
      return String.valueOf(refusal.get().getMessage());
    }
    Throwable innermost = e;
    for (int i = 0; i < MOST_CAUSES && innermost.getCause() != null; i++) {
      innermost = innermost.getCause();
    }
    String said = innermost.getMessage() == null ? "" : Texts.clean(innermost.getMessage());
    return said.isBlank() || said.equalsIgnoreCase(cause.words())
        ? cause.words()
        : cause.words() + ": " + said;
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
    return find(thrown, type).isPresent();
  }

  private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
    Throwable cause = thrown;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
