package io.divvy.node.download.fetch;

import java.net.IDN;
import java.net.URI;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom a URL speaks to. All spellings of a host are one, so that they share connections and permits
 * for them; what is sent and looked up is {@link #written}.
 *
 * @param host in its one spelling; an IPv6 address without its brackets
 * @param port never left to the scheme
 */
public record Origin(String scheme, String host, int port) {
  private static final int MAX_PORT = 65535;
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /**
   * That of an absolute http or https URL. Names with an underscore, which {@link URI} does not
   * take for hosts, are in use.
   */
  public static Origin of(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    int standard =
        switch (scheme) {
          case "http" -> 80;
          case "https" -> 443;
          default -> throw new IllegalArgumentException("only http and https can be fetched");
        };
    String host = Spelling.of(written(url));
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the URL names no host");
    }
    int port = writtenPort(url);
    return new Origin(scheme, host, port < 0 ? standard : port);
  }

  /** The host as the URL spells it, in lower case; an IPv6 address without its brackets. */
  static String written(URI url) {
    String authority = authority(url);
    int colon = colon(authority);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String bare =
        host.startsWith("[") && host.endsWith("]")
            ? host.substring(1, host.length() - 1)
            : IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
    return bare.toLowerCase(Locale.ROOT);
  }

  /** The port that the URL names, or -1: {@link URI#getPort} sees none behind some hosts. */
  static int writtenPort(URI url) {
    String authority = authority(url);
    int colon = colon(authority);
    String port = colon < 0 ? "" : authority.substring(colon + 1);
    return port.isEmpty() ? -1 : port(port);
  }

  private static String authority(URI url) {
    String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  private static int colon(String authority) {
    return authority.indexOf(':', authority.lastIndexOf(']') + 1);
  }

  private static int port(String digits) {
    if (PORT.matcher(digits).matches()) {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= MAX_PORT) {
        return port;
      }
    }
    throw new IllegalArgumentException("the port must be a number from 1 to " + MAX_PORT);
  }

  /** HOST:PORT, an IPv6 address in brackets: what {@code --per-host} counts. */
  public String place() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  boolean secure() {
    return scheme.equals("https");
  }

  /** Name and password that stand in a URL, as a header says them. */
  static Optional<RequestHeader> basic(URI url) {
    String place = url.getRawAuthority() == null ? "" : url.getRawAuthority();
    int at = place.lastIndexOf('@');
    return at < 0 ? Optional.empty() : Optional.of(basic("Authorization", place.substring(0, at)));
  }

  static RequestHeader basic(String header, String user) {
    String plain = user.indexOf(':') < 0 ? user + ":" : user;
    return new RequestHeader(
        header, "Basic " + Base64.getEncoder().encodeToString(Percent.decoded(plain)));
  }

  /** The URL without user, password and fragment: as it may be shown and kept. */
  static URI plain(URI url) {
    String text = url.toString();
    int fragment = text.indexOf('#');
    text = fragment < 0 ? text : text.substring(0, fragment);
    String place = url.getRawAuthority();
    int at = place == null ? -1 : place.lastIndexOf('@');
    if (at >= 0) {
      int start = text.indexOf("//") + 2;
      text = text.substring(0, start) + text.substring(start + at + 1);
    }
    return URI.create(text);
  }
}
