package io.divvy.node.member;

import java.util.Map;

/**
 * What a node tells about itself that has nothing to do with where it is.
 *
 * @param version the program's version
 * @param machine the same text for all nodes on one machine
 * @param cores the usable cores of this machine
 * @param kinds the fingerprint of each kind it can compute, by name
 */
public record NodeFacts(String version, String machine, int cores, Map<String, String> kinds) {
  public NodeFacts {
    kinds = Map.copyOf(kinds);
  }
}
