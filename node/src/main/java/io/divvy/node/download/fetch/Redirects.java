package io.divvy.node.download.fetch;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;

/** Where an answer sends us, and whether we go. */
final class Redirects {
  static final int MOST = 10;
  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
  private static final String UNFIT = "\"<>\\^`{|}";

  private Redirects() {}

  static boolean is(int status) {
    return STATUSES.contains(status);
  }

  /** What {@code location} means on the page at {@code from}; http or https, and no step down. */
  static URI next(URI from, String location) throws Refusal {
    URI next;
    try {
      next = resolved(from, location.strip());
      Origin.of(next);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          Cause.REDIRECT_REFUSED, "redirect refused: to " + Texts.clean(location.strip()));
    }
    if (Origin.of(from).secure() && !Origin.of(next).secure()) {
      throw new Refusal(
          Cause.REDIRECT_REFUSED, "redirect refused: from https to " + Texts.clean(location));
    }
    return Origin.plain(next);
  }

  private static URI resolved(URI from, String location) {
    URI link = link(location);
    URI base = from.getRawPath() == null || from.getRawPath().isEmpty() ? from.resolve("/") : from;
    // URI.resolve drops the last segment of the path before a mere query.
    return location.startsWith("?")
        ? URI.create(before(base.toString(), "?#") + link)
        : base.resolve(link);
  }

  private static String before(String text, String ends) {
    int end = 0;
    while (end < text.length() && ends.indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return text.substring(0, end);
  }

  /** Servers send what browsers forgive: spaces, lone percent signs, letters of all scripts. */
  private static URI link(String location) {
    StringBuilder fit = new StringBuilder();
    // Headers are read as ISO 8859-1, which keeps the bytes.
    byte[] bytes = location.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      int b = bytes[i] & 0xff;
      if (b < 0x20 || b == 0x7f) {
        throw new IllegalArgumentException("control character");
      }
      boolean lone = b == '%' && !location.substring(i + 1).matches("(?s)[0-9A-Fa-f]{2}.*");
      if (b == ' ' || b >= 0x80 || lone || UNFIT.indexOf(b) >= 0) {
        fit.append('%').append(HexFormat.of().withUpperCase().toHexDigits(bytes[i]));
      } else {
        fit.append((char) b);
      }
    }
    try {
      return URI.create(fit.toString());
    } catch (IllegalArgumentException e) {
      return URI.create(fit.toString().replace("[", "%5B").replace("]", "%5D"));
    }
  }
}
