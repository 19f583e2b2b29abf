package io.divvy.node.drill;

import org.jspecify.annotations.Nullable;

/**
 * What became of one drill. Times are in seconds from the fault on; -1 when nobody can tell (yet).
 *
 * @param fault its word
 * @param at the share of the items, as it was written
 * @param node whose process it hit; null for the command itself, and when it was not done
 * @param pid that process, -1 when it was not done
 * @param noticedSeconds until the run missed the node; -1 too when it never did. For the command:
 *     until its process had ended
 * @param recoveredSeconds until the first of what the node had in hand was counted after all,
 *     whoever computed it: by then it ran elsewhere; for a node that nobody missed, until it
 *     counted something again itself; for the command, until the resumed one counted its first item
 * @param lostSeconds how long the node had computed what nobody heard of
 * @param itemsAgain counted before the command was killed, and computed again; -1 for a node
 * @param notDone why it did not happen, in a clause; null when it did
 */
public record Drilled(
    String fault,
    String at,
    @Nullable String node,
    long pid,
    double noticedSeconds,
    double recoveredSeconds,
    double lostSeconds,
    long itemsAgain,
    @Nullable String notDone) {

  /** A fault that has just happened. */
  static Drilled begun(Drill drill, @Nullable String node, long pid) {
    return new Drilled(drill.fault().word(), drill.at(), node, pid, -1, -1, -1, -1, null);
  }

  static Drilled notDone(Drill drill, String why) {
    return new Drilled(drill.fault().word(), drill.at(), null, -1, -1, -1, -1, -1, why);
  }

  /** The run missed the node, or the command's process is gone. */
  Drilled noticed(double seconds, double lost) {
    return new Drilled(fault, at, node, pid, seconds, recoveredSeconds, lost, itemsAgain, notDone);
  }

  /** It is over. */
  Drilled recovered(double seconds, double lost, long again) {
    return new Drilled(fault, at, node, pid, noticedSeconds, seconds, lost, again, notDone);
  }

  /** The fault and its moment. */
  String name() {
    return fault + "@" + at;
  }
}
