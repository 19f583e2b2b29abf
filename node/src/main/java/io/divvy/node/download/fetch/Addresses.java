package io.divvy.node.download.fetch;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses anybody on the internet can reach. */
final class Addresses {
  private Addresses() {}

  /** Whether it belongs to nobody's own network or machine. */
  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes, 0) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes, int from) {
    int a = bytes[from] & 0xff;
    int b = bytes[from + 1] & 0xff;
    int c = bytes[from + 2] & 0xff;
    return !(a == 0
        || a == 10
        || a == 127
        || (a == 100 && b >= 64 && b < 128) // shared by the customers of a provider
        || (a == 169 && b == 254)
        || (a == 172 && b >= 16 && b < 32)
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)) // for measuring networks
        || a >= 224); // multicast, reserved, broadcast
  }

  private static boolean isPublic6(byte[] bytes) {
    if ((bytes[0] & 0xfe) == 0xfc) {
      return false; // unique local
    }
    if (starts(bytes, 0x20, 0x02)) {
      return isPublic4(bytes, 2); // 6to4 leads to the IPv4 address within
    }
    if (starts(bytes, 0x00, 0x64, 0xff, 0x9b)) {
      return starts(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0) && isPublic4(bytes, 12);
    }
    // Unspecified, loopback, and IPv4 in older dress: nothing public lives under 0000::/8.
    return bytes[0] != 0;
  }

  private static boolean starts(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
