package io.divvy.coordinator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How many slots to ask of each node. */
final class Spread {

  private Spread() {}

  /**
   * One slot of each node in turn until {@code workers} are found or no node has more.
   *
   * @param slots how many each node has, in the order to prefer them
   * @param workers how many to use in total
   * @param nodes over how many nodes at most
   * @return for each node how many to ask for
   */
  static List<Integer> over(List<Integer> slots, long workers, int nodes) {
    List<Integer> asked = new ArrayList<>(Collections.nCopies(slots.size(), 0));
    long left = workers;
    boolean more = true;
    for (int round = 1; more; round++) {
      more = false;
      for (int node = 0; node < Math.min(slots.size(), nodes) && left > 0; node++) {
        if (slots.get(node) >= round) {
          asked.set(node, round);
          left--;
          more = true;
        }
      }
    }
    return asked;
  }
}
