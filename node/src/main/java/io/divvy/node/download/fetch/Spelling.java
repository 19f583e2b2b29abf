package io.divvy.node.download.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** The one spelling among all that mean the same host, found without asking anybody. */
final class Spelling {
  /** Up to four numbers, the last of which fills what the others leave: 127.1 is 127.0.0.1. */
  private static final Pattern NUMBERS =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){0,3}(?:0|[1-9][0-9]{0,9})");

  private static final int ADDRESS_BYTES = 4;

  private Spelling() {}

  /**
   * Of a name or an address, both in lower case: no dot at the end, and an address as {@link
   * InetAddress#getHostAddress} has it. An IPv4 address that is dressed as an IPv6 address is that
   * IPv4 address, since that is connected to.
   */
  static String of(String host) {
    String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    if (bare.indexOf(':') >= 0) {
      return address(bare);
    }
    return NUMBERS.matcher(bare).matches() ? numbers(bare) : bare;
  }

  private static String address(String host) {
    try {
      // What stands in brackets is never looked up.
      return InetAddress.getByName("[" + host + "]").getHostAddress();
    } catch (UnknownHostException e) {
      return host;
    }
  }

  private static String numbers(String host) {
    String[] parts = host.split("\\.", -1);
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      int bits = Byte.SIZE * (i < parts.length - 1 ? 1 : ADDRESS_BYTES - i);
      long part = Long.parseLong(parts[i]);
      if (part >> bits != 0) {
        return host;
      }
      address = address << bits | part;
    }
    return (address >> 24)
        + "."
        + (address >> 16 & 0xff)
        + "."
        + (address >> 8 & 0xff)
        + "."
        + (address & 0xff);
  }
}
