package io.divvy.node.download.fetch;

import java.util.regex.Pattern;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpVersion;

/**
 * How long a body is. Where two headers say different things somebody is being deceived, so there
 * is no precedence.
 */
final class Framing implements ContentLengthStrategy {
  /** Headers that say two things. */
  static final class Contradiction extends HttpException {
    private static final long serialVersionUID = 1L;

    Contradiction(String text) {
      super(text);
    }
  }

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  @Override
  public long determineLength(HttpMessage message) throws HttpException {
    Header[] codings = message.getHeaders(HttpHeaders.TRANSFER_ENCODING);
    Header[] lengths = message.getHeaders(HttpHeaders.CONTENT_LENGTH);
    if (codings.length == 0) {
      return lengths.length == 0 ? UNDEFINED : length(lengths);
    }
    if (lengths.length > 0) {
      throw new Contradiction("the answer has both a Content-Length and a Transfer-Encoding");
    }
    if (codings.length > 1 || !"chunked".equalsIgnoreCase(value(codings[0]))) {
      throw new Contradiction("unknown Transfer-Encoding " + Texts.clean(value(codings[0])));
    }
    if (message.getVersion() != null && message.getVersion().lessEquals(HttpVersion.HTTP_1_0)) {
      throw new Contradiction("chunks in HTTP/1.0");
    }
    return CHUNKED;
  }

  private static long length(Header[] lengths) throws Contradiction {
    String first = value(lengths[0]);
    for (Header length : lengths) {
      if (!value(length).equals(first)) {
        throw new Contradiction(
            "two Content-Lengths: " + Texts.clean(first + ", " + value(length)));
      }
    }
    if (!LENGTH.matcher(first).matches()) {
      throw new Contradiction("bad Content-Length " + Texts.clean(first));
    }
    return Long.parseLong(first);
  }

  private static String value(Header header) {
    return header.getValue() == null ? "" : header.getValue().strip();
  }
}
