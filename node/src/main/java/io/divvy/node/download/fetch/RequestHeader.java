package io.divvy.node.download.fetch;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A header that the user adds to every request. */
public record RequestHeader(String name, String value) {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x{80}-\\x{ff}]*");

  // Whoever changed these would get other bytes than were asked for, or none.
  private static final Set<String> OURS =
      Set.of(
          "accept-encoding",
          "connection",
          "content-length",
          "expect",
          "host",
          "if-range",
          "keep-alive",
          "range",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");
  private static final Set<String> SECRET =
      Set.of("authorization", "cookie", "cookie2", "proxy-authorization");

  public RequestHeader {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of a header");
    }
    if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("the header " + name + " cannot be given; leave it out");
    }
    value = value.strip();
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the value of the header " + name + " has characters that no header may have");
    }
  }

  /** Reads {@code NAME: VALUE}. */
  public static RequestHeader parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          "'" + Texts.clean(text) + "' is no header; write NAME: VALUE");
    }
    return new RequestHeader(text.substring(0, colon).strip(), text.substring(colon + 1));
  }

  /** Whether it is for the origin alone that the user named. */
  boolean secret() {
    return SECRET.contains(name.toLowerCase(Locale.ROOT));
  }
}
