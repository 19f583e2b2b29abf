package io.divvy.node.download.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses that begin alike, as {@code 10.0.0.0/8} or {@code fd00::/8}.
 *
 * @param bits how many bits are alike
 */
record AddressBlock(InetAddress first, int bits) {
  private static final Pattern BLOCK = Pattern.compile("([^/]+)/([0-9]{1,3})");
  private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-f.]*:.*");

  /** What the text means; nothing when it means no block. */
  static Optional<AddressBlock> parse(String text) {
    Matcher block = BLOCK.matcher(text);
    if (!block.matches()) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(block.group(2));
    return address(block.group(1))
        .filter(first -> bits <= first.getAddress().length * Byte.SIZE)
        .map(first -> new AddressBlock(first, bits));
  }

  /** Whether a host is an address in this block; a name is looked up by nobody. */
  boolean contains(String host) {
    return address(host).filter(this::contains).isPresent();
  }

  private boolean contains(InetAddress address) {
    byte[] own = first.getAddress();
    byte[] other = address.getAddress();
    for (int bit = 0; own.length == other.length && bit < bits; bit++) {
      int place = Byte.SIZE - 1 - bit % Byte.SIZE;
      if (((own[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) >> place & 1) != 0) {
        return false;
      }
    }
    return own.length == other.length;
  }

  private static Optional<InetAddress> address(String text) {
    try {
      return ADDRESS.matcher(text).matches()
          ? Optional.of(InetAddress.getByName(text))
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
