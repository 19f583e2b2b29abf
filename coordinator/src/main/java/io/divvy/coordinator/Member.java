package io.divvy.coordinator;

import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.ToAgent;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/** A node as one coordinator sees it; owned by that coordinator. */
final class Member {

  /** How far a node takes part. */
  enum State {
    /** Asked to register, again and again. */
    ASKED,
    /** Takes part. */
    REGISTERED,
    /** Silent or cut off: its work was handed out again, but it may wake up. */
    LOST,
    /** Its process ended, it left, or it refused: it does not come back under this name. */
    GONE
  }

  final NodeInfo info;
  final ActorRef<ToAgent> agent;
  private final Map<Integer, Slot> slots = new TreeMap<>();
  State state = State.ASKED;
  boolean departing;

  /** Whether it ever granted a slot. */
  boolean worked;

  long lastHeard;
  long memoryBytes = -1;

  Member(NodeInfo info, ActorRef<ToAgent> agent, long now) {
    this.info = info;
    this.agent = agent;
    this.lastHeard = now;
  }

  String name() {
    return info.name();
  }

  boolean canWork() {
    return state == State.REGISTERED && !departing;
  }

  Slot slot(int number) {
    return slots.computeIfAbsent(number, n -> new Slot(this, n));
  }

  Collection<Slot> slots() {
    return slots.values();
  }

  int held() {
    return (int) slots.values().stream().filter(Slot::isHeld).count();
  }
}
