package io.divvy.coordinator.account;

import io.divvy.protocol.Durations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives every slot-second of a run a name.
 *
 * <p>Nodes tell how long each slot was busy and how long idle, by their own clock; the coordinator
 * alone knows why a slot was idle: whether work was queued (starved), none was (tail), or chunks
 * were under way to it (dispatch). Only durations are added up; the clocks of two machines are
 * never subtracted. Times given here are nanoseconds of the coordinator's clock.
 */
public final class Account {

  private static final double NANOS = 1e9;

  private final Map<String, SlotTime> open = new LinkedHashMap<>();
  private Durations counted = Durations.ZERO;
  private long capacity;
  private long dead;
  private long repeated;
  private long dispatch;
  private long starved;
  private long tail;
  private long unexplained;

  /** The slot is the run's (again) from now on, and has nothing to do yet. */
  public void granted(String slot, long now) {
    released(slot, now, false);
    open.put(slot, new SlotTime(now));
  }

  /** The slot has nothing to do from now on; {@code queued} says whether there was work to give. */
  public void idle(String slot, long now, boolean queued) {
    SlotTime time = open.get(slot);
    if (time != null && time.idleSince < 0) {
      time.idleSince = now;
      time.idleAlthoughQueued = queued;
    }
  }

  /** Work is on its way to the slot. */
  public void assigned(String slot, long now) {
    SlotTime time = open.get(slot);
    if (time != null) {
      time.idleKnown += endIdle(time, now);
    }
  }

  /** The slot told how it spent its time; {@code accepted} is false when the result was dropped. */
  public void told(String slot, Durations durations, boolean accepted) {
    SlotTime time = open.get(slot);
    if (time == null) {
      return;
    }
    time.told += durations.span();
    time.idleTold += durations.idle();
    dispatch += durations.encoded();
    if (accepted) {
      counted = counted.plus(durations);
    } else {
      repeated += durations.busy();
    }
  }

  /**
   * The slot is no longer the run's.
   *
   * @param died whether its node was lost: what it did not tell by then is dead time
   * @return the dead time, in nanoseconds
   */
  public long released(String slot, long now, boolean died) {
    SlotTime time = open.remove(slot);
    if (time == null) {
      return 0;
    }
    long span = now - time.grantedAt;
    long idleAtEnd = endIdle(time, now);
    capacity += span;
    long busy = time.told - time.idleTold;
    long rest = Math.max(0, span - busy - time.idleKnown - idleAtEnd);
    // The node's grant begins a little earlier, with its offer, than the coordinator hears of it.
    long underWay = Math.min(rest, Math.max(0, time.idleTold - time.idleKnown));
    dispatch += underWay;
    if (died) {
      dead += rest - underWay;
      return rest - underWay;
    }
    unexplained += rest - underWay;
    return 0;
  }

  /** The run is over: all slots still open are released. */
  public void close(long now) {
    List.copyOf(open.keySet()).forEach(slot -> released(slot, now, false));
  }

  /** Slot-seconds by name, in order of precedence; {@code capacity} first. */
  public Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("capacity", capacity / NANOS);
    seconds.put("dead", dead / NANOS);
    seconds.put("gc", counted.gc() / NANOS);
    seconds.put("waiting", counted.waited() / NANOS);
    seconds.put("stolen", counted.stolen() / NANOS);
    seconds.put("compute", counted.computed() / NANOS);
    seconds.put("repeated", repeated / NANOS);
    seconds.put("dispatch", dispatch / NANOS);
    seconds.put("starved", starved / NANOS);
    seconds.put("tail", tail / NANOS);
    seconds.put("merge", counted.blocked() / NANOS);
    seconds.put("unexplained", unexplained / NANOS);
    return seconds;
  }

  /** Ends an idle stretch, if there is one, under its name; answers how long it was. */
  private long endIdle(SlotTime time, long now) {
    if (time.idleSince < 0) {
      return 0;
    }
    long idle = now - time.idleSince;
    if (time.idleAlthoughQueued) {
      starved += idle;
    } else {
      tail += idle;
    }
    time.idleSince = -1;
    return idle;
  }

  private static final class SlotTime {
    private final long grantedAt;
    private long idleSince = -1;
    private boolean idleAlthoughQueued;

    /** Idle stretches that ended with an assignment: the node tells them too. */
    private long idleKnown;

    private long idleTold;
    private long told;

    SlotTime(long grantedAt) {
      this.grantedAt = grantedAt;
    }
  }
}
