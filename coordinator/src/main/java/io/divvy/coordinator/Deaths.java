package io.divvy.coordinator;

import io.divvy.coordinator.RunOutcome.Death;
import io.divvy.protocol.NodeInfo;
import java.util.ArrayList;
import java.util.List;

/** The nodes that one run lost, each process once, in the order in which they were missed. */
final class Deaths {

  private final List<Death> all = new ArrayList<>();

  /** A node is lost; perhaps once more, after it came back. */
  void add(Death death) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isOf(death.node(), death.pid())) {
        all.set(i, all.get(i).and(death));
        return;
      }
    }
    all.add(death);
  }

  /** More is known of a node that was lost before, if it was. */
  void learn(NodeInfo node, String what) {
    all.replaceAll(death -> death.isOf(node.name(), node.pid()) ? death.butThen(what) : death);
  }

  List<Death> all() {
    return List.copyOf(all);
  }
}
