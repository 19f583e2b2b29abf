package io.divvy.node.drill;

import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.ledger.IntervalSet;
import io.divvy.node.drill.Signals.Stopped;
import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches a run, lets each fault happen when its share of the items is counted, and measures what
 * it cost. Used by one thread at a time; time comes in, in nanoseconds.
 *
 * <p>Which node holds work is not told while a run lasts, but one that has just handed in a result
 * has its next chunk already: so the one that was last to count something is hit.
 */
final class Exercise {
  private static final double NANOS = 1e9;

  private final List<Drill> drills;
  private final Signals signals;
  private final Later later;
  private final Told told;
  private final Map<String, Present> present = new LinkedHashMap<>();
  private final List<Open> open = new ArrayList<>();
  private int next;
  private long items = -1;
  private long counted;
  private long order;
  private boolean over;

  /** Does something after a while, on the thread that uses the exercise. */
  interface Later {
    void after(Duration delay, Runnable what);
  }

  /** Told what becomes of the drills, which are named by their places in the plan. */
  interface Told {

    /** The fault has happened. */
    void begun(int drill, Drilled drilled);

    /** More is known of what it cost. */
    void learned(int drill, Drilled drilled);

    /** All is known that ever will be, or it was not done. */
    void concluded(int drill, Drilled drilled);

    /** The command is to be killed now, with so many items counted. */
    void killMe(int drill, Drilled drilled, long counted);
  }

  /** A node that takes part, and when it was the last to count something; 0 for never. */
  private record Present(NodeInfo node, long order) {}

  /** A fault whose cost is not all known. */
  private static final class Open {
    private final int drill;
    private final NodeInfo node;
    private final long at;
    private final @Nullable Stopped stopped;
    private final IntervalSet held = new IntervalSet();
    private Drilled drilled;
    private boolean noticed;
    private boolean woken;

    Open(int drill, NodeInfo node, long at, @Nullable Stopped stopped, Drilled drilled) {
      this.drill = drill;
      this.node = node;
      this.at = at;
      this.stopped = stopped;
      this.drilled = drilled;
    }

    double since(long now) {
      return Math.max(0, now - at) / NANOS;
    }
  }

  /**
   * @param first the drill to begin with; those before it were done
   */
  Exercise(List<Drill> drills, int first, Signals signals, Later later, Told told) {
    this.drills = List.copyOf(drills);
    this.next = first;
    this.signals = signals;
    this.later = later;
    this.told = told;
  }

  /** Something happened in the run. */
  void on(JobEvent event, long now) {
    if (over) {
      return;
    }
    if (event instanceof JobEvent.Started started) {
      items = started.items();
    } else if (event instanceof JobEvent.NodeJoined joined) {
      present.put(joined.node().name(), new Present(joined.node(), 0));
    } else if (event instanceof JobEvent.NodeGone gone) {
      present.remove(gone.node());
      onGone(gone, now);
    } else if (event instanceof JobEvent.Counted progress) {
      counted += progress.interval().size();
      present.computeIfPresent(
          progress.node().name(), (name, node) -> new Present(node.node(), ++order));
      onCounted(progress.interval(), progress.node(), now);
    } else if (event instanceof JobEvent.ItemFailed failed) {
      counted++;
      onCounted(new Interval(failed.index(), failed.index() + 1), null, now);
    } else if (event instanceof JobEvent.Progressed progressed) {
      items = progressed.items();
      counted = progressed.done() + progressed.failed();
    }
    while (!over && isDue() && happens(now)) {
      next++;
    }
  }

  /** The run is over: who is stopped is woken up, and what was not done is said. */
  void end() {
    settleAll();
    if (!over) {
      for (int drill = next; drill < drills.size(); drill++) {
        told.concluded(
            drill, Drilled.notDone(drills.get(drill), "the run was over before it was its turn"));
      }
    }
    over = true;
  }

  /** Nothing more can be learned: whoever is stopped is woken up. */
  private void settleAll() {
    for (Open each : List.copyOf(open)) {
      wake(each);
      conclude(each);
    }
  }

  private boolean isDue() {
    return next < drills.size() && counted < items && drills.get(next).due(counted, items);
  }

  /** Whether it happened, or never will; otherwise it is for later. */
  private boolean happens(long now) {
    Drill drill = drills.get(next);
    if (drill.fault() == Fault.KILL_COORDINATOR) {
      settleAll();
      over = true;
      told.killMe(next, Drilled.begun(drill, null, ProcessHandle.current().pid()), counted);
      return true;
    }
    List<NodeInfo> free =
        present.values().stream()
            .filter(node -> open.stream().noneMatch(each -> isHit(each, node.node())))
            .sorted(Comparator.comparingLong(Present::order).reversed())
            .map(Present::node)
            .toList();
    if (free.isEmpty()) {
      return false;
    }
    Optional<NodeInfo> node =
        free.stream().filter(each -> signals.outOfReach(each).isEmpty()).findFirst();
    if (node.isEmpty()) {
      String why = signals.outOfReach(free.get(0)).orElse("it could be reached just now");
      told.concluded(
          next,
          Drilled.notDone(
              drill, "no node can be hit from here; of " + free.get(0).name() + ": " + why));
    } else {
      hit(drill, node.get(), now);
    }
    return true;
  }

  /** Whether the node suffers from a fault and is still thought to take part. */
  private static boolean isHit(Open each, NodeInfo node) {
    return each.node.pid() == node.pid()
        && each.node.name().equals(node.name())
        && (each.stopped == null || !each.woken);
  }

  private void hit(Drill drill, NodeInfo node, long now) {
    Drilled drilled = Drilled.begun(drill, node.name(), node.pid());
    try {
      @Nullable Stopped stopped = null;
      if (drill.fault() == Fault.PAUSE_WORKER) {
        stopped = signals.stop(node.pid());
      } else {
        signals.kill(node.pid());
      }
      Open hit = new Open(next, node, now, stopped, drilled);
      open.add(hit);
      if (stopped != null) {
        later.after(drill.pause(), () -> wake(hit));
      }
    } catch (IOException e) {
      told.concluded(next, Drilled.notDone(drill, String.valueOf(e.getMessage())));
      return;
    }
    told.begun(next, drilled);
  }

  private static void wake(Open each) {
    if (each.stopped != null && !each.woken) {
      each.stopped.wake();
      each.woken = true;
    }
  }

  private void onGone(JobEvent.NodeGone gone, long now) {
    for (Open each : List.copyOf(open)) {
      if (!each.noticed && each.node.name().equals(gone.node())) {
        each.noticed = true;
        each.drilled = each.drilled.noticed(each.since(now), gone.secondsLost());
        gone.again().forEach(interval -> each.held.add(interval.from(), interval.to()));
        told.learned(each.drill, each.drilled);
        settle(each, each.held.isEmpty(), now);
      }
    }
  }

  /** These items are counted, or failed for good when {@code node} is null. */
  private void onCounted(Interval interval, @Nullable NodeInfo node, long now) {
    for (Open each : List.copyOf(open)) {
      if (each.noticed) {
        settle(each, each.held.intersects(interval.from(), interval.to()), now);
      } else if (each.woken && node != null && node.pid() == each.node.pid()) {
        // It was away for less than its lease: nobody missed it, and nothing was done twice.
        each.drilled = each.drilled.recovered(each.since(now), 0, -1);
        conclude(each);
      }
    }
  }

  private void settle(Open each, boolean runsElsewhere, long now) {
    if (runsElsewhere && each.drilled.recoveredSeconds() < 0) {
      each.drilled = each.drilled.recovered(each.since(now), each.drilled.lostSeconds(), -1);
      told.learned(each.drill, each.drilled);
    }
    if (each.drilled.recoveredSeconds() >= 0 && (each.stopped == null || each.woken)) {
      conclude(each);
    }
  }

  private void conclude(Open each) {
    open.remove(each);
    told.concluded(each.drill, each.drilled);
  }
}
