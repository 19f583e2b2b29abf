package io.divvy.node.download.fetch;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicLineParser;
import org.apache.hc.core5.util.CharArrayBuffer;

/**
 * Reads status lines and headers: the first line must be a status line, each header is read as it
 * comes, and all of them together have a bound.
 */
final class Answers extends DefaultHttpResponseParser {
  static final Http1Config BOUNDS =
      Http1Config.custom()
          .setMaxLineLength(64 << 10)
          .setMaxHeaderCount(500)
          .setMaxEmptyLineCount(1)
          .build();
  private static final int MOST_CHARACTERS = 256 << 10;

  Answers() {
    super(BOUNDS, BasicLineParser.INSTANCE, null);
  }

  @Override
  public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream input)
      throws IOException, HttpException {
    return super.parse(new Headers(buffer), input);
  }

  private static final class Headers extends Lines {
    private int characters;

    Headers(SessionInputBuffer buffer) {
      super(buffer);
    }

    @Override
    boolean mayBeMissing() {
      return true;
    }

    @Override
    void check(CharArrayBuffer line, int from) throws IOException {
      characters += line.length() - from;
      if (characters > MOST_CHARACTERS) {
        throw new MessageConstraintException("headers of more than 256 KiB");
      }
    }
  }
}
