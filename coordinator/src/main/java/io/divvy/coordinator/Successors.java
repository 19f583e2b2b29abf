package io.divvy.coordinator;

import java.util.HashSet;
import java.util.Set;

/**
 * Nodes that are lost for good and are being started anew under their names, as far as somebody
 * sees to that. A run is not lost while one of them is coming; owned by one coordinator.
 */
public final class Successors {

  private final Set<String> coming = new HashSet<>();
  private final Set<String> givenUp = new HashSet<>();

  /** Somebody starts a successor of the node. */
  public void expect(String node) {
    coming.add(node);
  }

  /** The successor is there. */
  public void arrived(String node) {
    coming.remove(node);
    givenUp.remove(node);
  }

  /** Nobody starts the node any more. */
  public void giveUp(String node) {
    coming.remove(node);
    givenUp.add(node);
  }

  /** Whether one is coming. */
  public boolean anyComing() {
    return !coming.isEmpty();
  }

  /** Whether nodes were given up and none of the others is coming. */
  public boolean allGivenUp() {
    return coming.isEmpty() && !givenUp.isEmpty();
  }
}
