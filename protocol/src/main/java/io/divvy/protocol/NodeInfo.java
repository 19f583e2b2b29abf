package io.divvy.protocol;

import java.util.Map;

/**
 * What a node tells about itself.
 *
 * @param name unique among the nodes of a run; people read it
 * @param address HOST:PORT where its messages arrive; empty for workers in the command's own JVM
 * @param pid its process id
 * @param slots how many workers it hosts, at least 1
 * @param machine the same text for all nodes on one machine
 * @param cores the usable cores of that machine
 * @param livenessPort the port of its liveness connections, 0 when there are none
 * @param version the program's version
 * @param kinds the fingerprint of each kind it can compute, by name
 */
public record NodeInfo(
    String name,
    String address,
    long pid,
    int slots,
    String machine,
    int cores,
    int livenessPort,
    String version,
    Map<String, String> kinds) {

  public NodeInfo {
    kinds = Map.copyOf(kinds);
  }
}
