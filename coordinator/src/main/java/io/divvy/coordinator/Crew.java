package io.divvy.coordinator;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The nodes of one run, in the order in which they came; owned by its coordinator. */
final class Crew {

  private final Map<String, Member> members = new LinkedHashMap<>();

  /** Takes in a node; one of the same name that is gone makes way, its successor. */
  void add(Member member) {
    Member former = members.put(member.name(), member);
    member.worked = former != null && former.worked;
  }

  @Nullable Member find(String node) {
    return members.get(node);
  }

  /** The node, unless it is unknown or gone for good. */
  @Nullable Member present(String node) {
    Member member = members.get(node);
    return member == null || member.state == Member.State.GONE ? null : member;
  }

  Collection<Member> all() {
    return members.values();
  }

  /** The nodes that take work now. */
  List<Member> able() {
    return members.values().stream().filter(Member::canWork).toList();
  }

  /** All slots that are held and have nothing under way, of nodes that take work. */
  List<Slot> idle() {
    return slots().filter(slot -> slot.isIdle() && slot.member.canWork()).toList();
  }

  /** The slot, if this grant is the one it is held by. */
  @Nullable Slot slot(String node, int number, long grant) {
    Member member = members.get(node);
    if (member == null || number < 1 || number > member.info.slots()) {
      return null;
    }
    Slot slot = member.slot(number);
    return slot.isHeld() && slot.grant == grant ? slot : null;
  }

  /** Where the attempt is under way. */
  @Nullable Slot holder(long attempt) {
    return slots().filter(slot -> slot.attempts.containsKey(attempt)).findFirst().orElse(null);
  }

  /** How many slots are held of nodes that take work. */
  int held() {
    return members.values().stream().filter(Member::canWork).mapToInt(Member::held).sum();
  }

  /** Of how many nodes that take work slots are held. */
  int working() {
    return (int) able().stream().filter(member -> member.held() > 0).count();
  }

  /** Whether a node is in this state. */
  boolean has(Member.State state) {
    return members.values().stream().anyMatch(member -> member.state == state);
  }

  /** The names of the nodes that are in this state. */
  List<String> names(Member.State state) {
    return members.values().stream()
        .filter(member -> member.state == state)
        .map(Member::name)
        .toList();
  }

  /** The memory of all nodes that take part, as far as they tell; -1 when none does. */
  long memoryBytes() {
    return members.values().stream()
        .filter(member -> member.memoryBytes >= 0 && member.state == Member.State.REGISTERED)
        .mapToLong(member -> member.memoryBytes)
        .reduce(Long::sum)
        .orElse(-1);
  }

  /** Nobody could be heard for so long, so nobody's silence began before that. */
  void forgive(long nanos) {
    for (Member member : members.values()) {
      member.lastHeard += nanos;
      for (Slot slot : member.slots()) {
        slot.attempts.replaceAll((attempt, renewed) -> renewed + nanos);
      }
    }
  }

  private Stream<Slot> slots() {
    return members.values().stream().flatMap(member -> member.slots().stream());
  }
}
