package io.divvy.coordinator.download;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the connections of a download are spread over its nodes: evenly, the first get the rest. */
final class Connections {

  private Connections() {}

  /** How many each node may have, in the order of the nodes; 0 for some when there are too few. */
  static Map<String, Integer> spread(int total, Collection<String> nodes) {
    Map<String, Integer> shares = new LinkedHashMap<>();
    for (String node : nodes) {
      int extra = shares.size() < total % nodes.size() ? 1 : 0;
      shares.put(node, total / nodes.size() + extra);
    }
    return shares;
  }
}
