package io.divvy.coordinator.download;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Attempts that a server sent on to another host, and that wait for a permit of it. Who waits holds
 * no permit: two hosts that send to each other never wait for each other.
 */
final class Crossings {

  /**
   * One attempt on its way.
   *
   * @param hop how often the attempt was sent on, this time included
   * @param home the host of its URL in the list
   * @param to where it was sent
   */
  record Crossing(long attempt, int hop, String node, String home, String to, long since) {}

  private record Queue(String node, String home) {}

  // The oldest first.
  private final Map<Long, Crossing> waiting = new LinkedHashMap<>();
  private final Map<Queue, Integer> counts = new HashMap<>();
  private final Map<String, Integer> nodes = new HashMap<>();
  private final Map<Long, Integer> hops = new HashMap<>();

  /** It waits from now on; answers false when that was said before. */
  boolean begin(Crossing crossing) {
    if (crossing.hop() <= hops.getOrDefault(crossing.attempt(), 0)) {
      return false;
    }
    leave(crossing.attempt());
    hops.put(crossing.attempt(), crossing.hop());
    waiting.put(crossing.attempt(), crossing);
    counts.merge(new Queue(crossing.node(), crossing.home()), 1, Integer::sum);
    nodes.merge(crossing.node(), 1, Integer::sum);
    return true;
  }

  /** Whether this was its latest, and it got over. */
  boolean isOver(long attempt, int hop) {
    return hops.getOrDefault(attempt, 0) == hop && !waiting.containsKey(attempt);
  }

  /** It got over, and waits no more. */
  void leave(long attempt) {
    Crossing crossing = waiting.remove(attempt);
    if (crossing != null) {
      counts.computeIfPresent(
          new Queue(crossing.node(), crossing.home()),
          (queue, count) -> count == 1 ? null : count - 1);
      nodes.computeIfPresent(crossing.node(), (node, count) -> count == 1 ? null : count - 1);
    }
  }

  /** The attempt has ended. */
  void end(long attempt) {
    leave(attempt);
    hops.remove(attempt);
  }

  /** Those that wait, the oldest first. */
  List<Crossing> waiting() {
    return List.copyOf(waiting.values());
  }

  /** How many wait. */
  int count() {
    return waiting.size();
  }

  /** How many of a node's attempts wait. */
  int count(String node) {
    return nodes.getOrDefault(node, 0);
  }

  /** How many of a node's items of this host wait. */
  int count(String node, String home) {
    return counts.getOrDefault(new Queue(node, home), 0);
  }
}
