package io.divvy.coordinator;

import io.divvy.coordinator.RunOutcome.Death;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Nodes that are lost for good and are being started anew under their names, as far as somebody
 * sees to that, and how long a run without a node waits for one. It is not lost while one of them
 * is coming; owned by one coordinator.
 */
public final class Successors {

  /** How long to wait when nobody is there and somebody may come. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Set<String> coming = new HashSet<>();
  private final Set<String> givenUp = new HashSet<>();
  private long nobodySince = -1;

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

  /**
   * Whether to go on waiting for somebody who can work.
   *
   * @param able whether one can
   * @param mayCome whether one may come, come back or answer by itself
   * @param now as {@link System#nanoTime()}
   */
  public boolean worthWaiting(boolean able, boolean mayCome, long now) {
    if (able || !coming.isEmpty()) {
      nobodySince = -1;
      return true;
    }
    nobodySince = nobodySince < 0 ? now : nobodySince;
    return mayCome && now - nobodySince < PATIENCE.toNanos();
  }

  /**
   * Why a run that waits no longer is lost, in words.
   *
   * @param nobodyCame whether there never was a node
   * @param asked the names of nodes that have not answered
   * @param deaths of its nodes, the last one last
   */
  public static String lost(boolean nobodyCame, List<String> asked, List<Death> deaths) {
    if (!deaths.isEmpty()) {
      Death last = deaths.get(deaths.size() - 1);
      return "all nodes are lost: " + last.node() + ": " + last.evidence();
    }
    String patience = PATIENCE.toSeconds() + " s";
    if (nobodyCame) {
      return "no node is there, and none has come for " + patience;
    }
    return asked.isEmpty()
        ? "all nodes are lost: none could take part"
        : "no node has answered for " + patience + ", asked: " + String.join(", ", asked);
  }

  /** Whether nodes were given up and none of the others is coming. */
  public boolean allGivenUp() {
    return coming.isEmpty() && !givenUp.isEmpty();
  }
}
