package io.divvy.coordinator;

import io.divvy.coordinator.RunOutcome.Death;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private @Nullable Long nobodySince;

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
   * Who a run without a node that can work may hope for.
   *
   * @param nobodyCame whether there never was a node
   * @param asked the names of nodes that have not answered
   * @param missed whether a node fell silent, which may come back
   * @param moreMayCome whether nodes may come that nobody knows yet
   */
  public record Hopes(boolean nobodyCame, List<String> asked, boolean missed, boolean moreMayCome) {
    public Hopes {
      asked = List.copyOf(asked);
    }
  }

  /** Somebody can work. */
  public void someoneCanWork() {
    nobodySince = null;
  }

  /**
   * Why the run is lost, in words; empty as long as it is worth waiting for somebody who can work.
   *
   * @param deaths of its nodes, the last one last
   * @param now as {@link System#nanoTime()}
   */
  public Optional<String> lost(Hopes hopes, List<Death> deaths, long now) {
    if (!coming.isEmpty()) {
      nobodySince = null;
      return Optional.empty();
    }
    long since = nobodySince == null ? now : nobodySince;
    nobodySince = since;
    boolean mayCome =
        hopes.moreMayCome()
            || (hopes.nobodyCame() && givenUp.isEmpty())
            || !hopes.asked().isEmpty()
            || hopes.missed();
    return mayCome && now - since < PATIENCE.toNanos()
        ? Optional.empty()
        : Optional.of(why(hopes, deaths));
  }

  private static String why(Hopes hopes, List<Death> deaths) {
    if (!deaths.isEmpty()) {
      Death last = deaths.get(deaths.size() - 1);
      return "all nodes are lost: " + last.node() + ": " + last.evidence();
    }
    String patience = PATIENCE.toSeconds() + " s";
    if (hopes.nobodyCame()) {
      return "no node is there, and none has come for " + patience;
    }
    return hopes.asked().isEmpty()
        ? "all nodes are lost: none could take part"
        : "no node has answered for " + patience + ", asked: " + String.join(", ", hopes.asked());
  }
}
