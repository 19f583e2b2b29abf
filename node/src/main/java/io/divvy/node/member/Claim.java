package io.divvy.node.member;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;

/** Finds the port of a new node. Done under the registry's lock, so that two never choose one. */
final class Claim {

  /** The port of the node called n1. Names come from ports, which no two nodes of a host share. */
  static final int FIRST_PORT = 25710;

  /** So many ports after the first are tried. */
  static final int TRIED = 200;

  private Claim() {}

  /**
   * The first port from {@code first} on that nobody has.
   *
   * @param registered the addresses of all nodes that may live
   * @param refused ports that turned out to be taken
   * @param free whether a port can be listened at
   * @return empty when all that are tried are taken
   */
  static OptionalInt port(
      String host, int first, List<String> registered, Set<Integer> refused, IntPredicate free) {
    Set<Integer> taken = new HashSet<>(refused);
    for (String address : registered) {
      if (Addresses.host(address).equals(host)) {
        taken.add(Addresses.port(address));
      }
    }
    int last = Math.min(65535, first + TRIED);
    for (int port = first; port <= last; port++) {
      if (!taken.contains(port) && free.test(port)) {
        return OptionalInt.of(port);
      }
    }
    return OptionalInt.empty();
  }

  /** n1, n2, … from the default port on; with the host where others are on another. */
  static String name(String host, int port) {
    String word =
        port >= FIRST_PORT && port <= FIRST_PORT + TRIED
            ? "n" + (port - FIRST_PORT + 1)
            : "n" + port;
    return Addresses.isLoopback(host) ? word : host + "-" + word;
  }
}
