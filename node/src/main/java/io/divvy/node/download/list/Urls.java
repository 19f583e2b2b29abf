package io.divvy.node.download.list;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * URLs as a browser understands them, brought to the one form in which equal ones look equal: small
 * letters in scheme and host, no default port, no {@code .} and {@code ..}, an empty path as {@code
 * /}, no fragment, and all that needs it percent-encoded.
 */
public final class Urls {

  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):");
  private static final Pattern HOST = Pattern.compile("[a-z0-9_.-]+");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]*:[0-9a-f:.]*]");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
  private static final Pattern PORT = Pattern.compile("0*([0-9]{1,5})");
  private static final Pattern DOT = Pattern.compile("%2[eE]");
  private static final int MAX_PORT = 65535;
  private static final int MAX_HOST = 253;
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  private static final String IN_PATH = UNRESERVED + "!'()*,;:$&+=@/";
  private static final String IN_QUERY = IN_PATH + "?";

  private Urls() {}

  /** No URL that can be fetched. The message says what is wrong and what to do. */
  public static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnreadableException(String message) {
      super(message);
    }
  }

  /** Reads an absolute URL. */
  public static URI parse(String text) throws UnreadableException {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new UnreadableException("has a control character");
    }
    Matcher scheme = SCHEME.matcher(text);
    if (!scheme.lookingAt()) {
      throw new UnreadableException("is no URL: write http:// or https:// in front");
    }
    String name = scheme.group(1).toLowerCase(Locale.ROOT);
    if (!name.equals("http") && !name.equals("https")) {
      throw new UnreadableException("has the scheme '" + name + "'; allowed are http and https");
    }
    String rest = text.substring(scheme.end());
    if (!rest.startsWith("//")) {
      throw new UnreadableException("has no host: write " + name + "://HOST/PATH");
    }
    int end = firstOf(rest, "/\\?#", 2);
    String authority = authority(name, rest.substring(2, end));
    int fragment = firstOf(rest, "#", end);
    int query = Math.min(firstOf(rest, "?", end), fragment);
    // A browser reads a backslash in front of the query as a slash.
    String path = withoutDots(encoded(rest.substring(end, query).replace('\\', '/'), IN_PATH));
    String tail = query < fragment ? encoded(rest.substring(query + 1, fragment), IN_QUERY) : "";
    try {
      return new URI(name + "://" + authority + path + (query < fragment ? "?" + tail : ""));
    } catch (URISyntaxException e) {
      throw new UnreadableException("is no URL: " + e.getReason());
    }
  }

  /**
   * The host, an IPv6 address in brackets. {@link URI#getHost} knows none where a name has an
   * underscore, which servers have all the same.
   */
  public static String host(URI url) {
    String authority = url.getRawAuthority();
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  private static String authority(String scheme, String text) throws UnreadableException {
    if (text.indexOf('@') >= 0) {
      throw new UnreadableException(
          "has a user name in it, which would end up in logs; give it with --header");
    }
    int close = text.lastIndexOf(']');
    int colon = text.indexOf(':', close + 1);
    String host = host(colon < 0 ? text : text.substring(0, colon));
    String port = colon < 0 ? "" : text.substring(colon + 1);
    if (port.isEmpty()) {
      return host;
    }
    Matcher digits = PORT.matcher(port);
    int number = digits.matches() ? Integer.parseInt(digits.group(1)) : 0;
    if (number < 1 || number > MAX_PORT) {
      throw new UnreadableException("has the port '" + port + "'; allowed are 1 to " + MAX_PORT);
    }
    return number == (scheme.equals("https") ? 443 : 80) ? host : host + ":" + number;
  }

  private static String host(String text) throws UnreadableException {
    if (text.isEmpty()) {
      throw new UnreadableException("has no host");
    }
    if (text.startsWith("[")) {
      String address = text.toLowerCase(Locale.ROOT);
      if (!IPV6.matcher(address).matches()) {
        throw new UnreadableException("has no IPv6 address in its brackets");
      }
      return address;
    }
    String host;
    try {
      host = IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UnreadableException("has a host that cannot be one: '" + text + "'");
    }
    if (!HOST.matcher(host).matches()
        || host.length() > MAX_HOST
        || host.startsWith(".")
        || host.contains("..")) {
      throw new UnreadableException("has a host that cannot be one: '" + text + "'");
    }
    String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    // 127.1, 0x7f.1 and 2130706433 are addresses to some readers and names to others.
    if (NUMBER.matcher(bare.substring(bare.lastIndexOf('.') + 1)).matches()
        && !IPV4.matcher(bare).matches()) {
      throw new UnreadableException("has a host that cannot be one: '" + text + "'");
    }
    return host;
  }

  private static int firstOf(String text, String characters, int from) {
    for (int i = from; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  // What is encoded already stays as it is; a lone percent sign is meant as one.
  private static String encoded(String text, String allowed) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      int next = i + Character.charCount(point);
      if (allowed.indexOf(point) >= 0 || (point == '%' && isHex(text, i + 1))) {
        encoded.append((char) point);
      } else {
        for (byte b : text.substring(i, next).getBytes(StandardCharsets.UTF_8)) {
          encoded
              .append('%')
              .append(Character.toUpperCase(Character.forDigit((b >> 4) & 0xf, 16)))
              .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
        }
      }
      i = next;
    }
    return encoded.toString();
  }

  private static boolean isHex(String text, int at) {
    return at + 1 < text.length() && hex(text.charAt(at)) && hex(text.charAt(at + 1));
  }

  private static boolean hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private static String withoutDots(String path) {
    if (path.isEmpty()) {
      return "/";
    }
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String plain = DOT.matcher(segments[i]).replaceAll(".");
      boolean dots = plain.equals(".") || plain.equals("..");
      if (plain.equals("..")) {
        kept.pollLast();
      }
      if (!dots) {
        kept.addLast(segments[i]);
      } else if (i == segments.length - 1) {
        kept.addLast("");
      }
    }
    return "/" + String.join("/", kept);
  }
}
