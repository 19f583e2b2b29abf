package io.divvy.node.input;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Where something listens.
 *
 * @param host a name or an address; an IPv6 address without its brackets
 * @param port from 1 to 65535
 */
public record HostPort(String host, int port) {
  private static final int MAX_PORT = 65535;
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]+");
  private static final Pattern IPV6 =
      Pattern.compile("(?=.*:)[0-9A-Fa-f:.]+(?:%[\\p{L}\\p{N}._-]+)?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  /** Reads {@code HOST[:PORT]}; an IPv6 address stands in brackets. */
  public static HostPort parse(String text, int defaultPort) throws UsageException {
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      if (close < 0 || !IPV6.matcher(text.substring(1, close)).matches()) {
        throw wrong(text, "in brackets stands an IPv6 address, for example [::1]:" + defaultPort);
      }
      return new HostPort(
          text.substring(1, close), port(text, text.substring(close + 1), defaultPort));
    }
    int colon = text.indexOf(':');
    if (colon != text.lastIndexOf(':')) {
      throw wrong(text, "write an IPv6 address in brackets, for example [::1]:" + defaultPort);
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    if (host.isEmpty()) {
      throw wrong(text, "the host is missing; write for example 127.0.0.1:" + defaultPort);
    }
    if (!NAME.matcher(host).matches()) {
      throw wrong(text, "no host can be named '" + host + "'");
    }
    return new HostPort(host, port(text, colon < 0 ? "" : text.substring(colon), defaultPort));
  }

  /** The same place by the {@linkplain #address address} of its host. */
  public HostPort numeric() {
    String address = address(host);
    boolean bracketed = address.startsWith("[");
    return new HostPort(bracketed ? address.substring(1, address.length() - 1) : address, port);
  }

  /**
   * The address of a host that is given by name or address, an IPv6 address in brackets; what was
   * given, when nobody knows that name. A node answers only to what it calls itself, and every name
   * that a host has leads to its address.
   */
  public static String address(String host) {
    if (host.indexOf(':') >= 0) {
      return host.startsWith("[") ? host : "[" + host + "]";
    }
    try {
      String address = InetAddress.getAllByName(host)[0].getHostAddress();
      return address.indexOf(':') < 0 ? address : "[" + address + "]";
    } catch (UnknownHostException e) {
      return host;
    }
  }

  private static int port(String text, String tail, int defaultPort) throws UsageException {
    if (tail.isEmpty()) {
      return defaultPort;
    }
    if (!tail.startsWith(":")) {
      throw wrong(text, "write a colon before the port, for example [::1]:" + defaultPort);
    }
    String digits = tail.substring(1);
    if (PORT.matcher(digits).matches()) {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= MAX_PORT) {
        return port;
      }
    }
    throw wrong(text, "the port must be a number from 1 to " + MAX_PORT + ", got '" + digits + "'");
  }

  private static UsageException wrong(String text, String why) {
    return new UsageException("'" + text + "' is no HOST[:PORT]: " + why);
  }

  /** {@code HOST:PORT}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
