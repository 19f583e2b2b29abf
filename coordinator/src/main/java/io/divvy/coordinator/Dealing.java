package io.divvy.coordinator;

import io.divvy.coordinator.ledger.InFlight;
import io.divvy.coordinator.ledger.Ledger;
import io.divvy.coordinator.share.Factoring;
import io.divvy.coordinator.share.Straggler;
import io.divvy.coordinator.share.Straggler.Candidate;
import io.divvy.protocol.Chunk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides who is given what: how much of the queue goes to a slot, who is asked to stop early for
 * those that have nothing, and when nobody can be given anything. Slots are named by their keys.
 */
final class Dealing {

  /** Who would be through sooner than this is not asked to stop early. */
  private static final long THRESHOLD_NANOS = 10_000_000;

  private static final long LOCAL_ROUND_TRIP_NANOS = 200_000;
  private static final long REMOTE_ROUND_TRIP_NANOS = 2_000_000;

  private final Ledger<String> ledger;
  private final Factoring<String> factoring;
  private final long block;
  private final long mostWorkers;
  private final long minimumNanos;
  private final long roundTripNanos;

  /** The node of each slot that takes part. */
  private final Map<String, String> slots = new LinkedHashMap<>();

  private final Set<String> idle = new LinkedHashSet<>();

  /** Attempts that were asked to stop early and have not answered. */
  private final Set<Long> asked = new HashSet<>();

  /** Attempts that had nothing to give when they were asked, until they report progress. */
  private final Set<Long> stiff = new HashSet<>();

  Dealing(
      Ledger<String> ledger,
      Factoring<String> factoring,
      long block,
      long workers,
      long minimumNanos,
      boolean remote) {
    this.ledger = ledger;
    this.factoring = factoring;
    this.block = block;
    this.mostWorkers = Math.max(1, Math.min(workers, (ledger.items() - 1) / block + 1));
    this.minimumNanos = minimumNanos;
    this.roundTripNanos = remote ? REMOTE_ROUND_TRIP_NANOS : LOCAL_ROUND_TRIP_NANOS;
  }

  /** How many slots the run can use at most. */
  long mostWorkers() {
    return mostWorkers;
  }

  void joined(String slot, String node) {
    slots.put(slot, node);
    factoring.join(slot, minimumNanos);
    idle.add(slot);
  }

  void left(String slot) {
    slots.remove(slot);
    factoring.leave(slot);
    idle.remove(slot);
  }

  /** The slot's process died: its successor begins with little, as everybody did. */
  void died(String slot) {
    factoring.forget(slot);
  }

  /** The slot computed so many items in this time. */
  void measured(String slot, long items, long busyNanos) {
    factoring.measured(slot, items, busyNanos);
  }

  /** How many slots take part. */
  int slots() {
    return slots.size();
  }

  /** What the slot is given now, when it has {@code held} chunks; nothing when there is nothing. */
  List<Chunk> deal(String slot, int held) {
    return deal(slot, held, Set.of());
  }

  /**
   * The same.
   *
   * @param comers nodes that may take part in a moment: what failed here is left to them, too
   */
  List<Chunk> deal(String slot, int held, Set<String> comers) {
    String node = slots.get(slot);
    if (node == null) {
      return List.of();
    }
    int credit = factoring.credit(slot, ledger.queued(), slots.size(), roundTripNanos);
    Set<String> others =
        Stream.concat(slots.values().stream(), comers.stream())
            .filter(each -> !each.equals(node))
            .collect(Collectors.toSet());
    List<Chunk> chunks = new ArrayList<>();
    for (int i = held; i < credit; i++) {
      Optional<Chunk> chunk =
          ledger.take(factoring.size(slot, ledger.queued()), slot, node, others);
      if (chunk.isEmpty()) {
        break;
      }
      chunks.add(chunk.get());
    }
    if (held + chunks.size() == 0) {
      idle.add(slot);
    } else {
      idle.remove(slot);
    }
    return chunks;
  }

  /** Who is to stop early now, one for each slot that has nothing. */
  List<Straggler> cuts() {
    List<Straggler> cuts = new ArrayList<>();
    if (ledger.queued() > 0) {
      return cuts;
    }
    List<String> waiting = List.copyOf(idle);
    for (int i = asked.size(); i < waiting.size(); i++) {
      Optional<Straggler> cut = straggler(factoring.rate(waiting.get(i)));
      if (cut.isEmpty()) {
        break;
      }
      asked.add(cut.get().attempt());
      cuts.add(cut.get());
    }
    return cuts;
  }

  /** The attempt answered whether it stops early; {@code gave} tells whether that gave anything. */
  void answered(long attempt, boolean gave) {
    if (asked.remove(attempt) && !gave) {
      stiff.add(attempt);
    }
  }

  /** A result of the attempt came; {@code over} when it was the last. */
  void progressed(long attempt, boolean over) {
    stiff.remove(attempt);
    if (over) {
      asked.remove(attempt);
    }
  }

  /** Nothing is queued, and nobody has anything to give to a slot that is idle. */
  boolean nothingToShare() {
    return ledger.queued() == 0
        && asked.isEmpty()
        && (idle.isEmpty() || straggler(factoring.rate(idle.iterator().next())).isEmpty());
  }

  /** Whether a further slot would be given something. */
  boolean canUseMore() {
    return canUse(0);
  }

  /** Whether this slot would be given something if it took part, now or once an answer comes. */
  boolean canUse(String slot) {
    return canUse(factoring.rate(slot));
  }

  private boolean canUse(double rate) {
    return ledger.queued() > 0 || !asked.isEmpty() || straggler(rate).isPresent();
  }

  private Optional<Straggler> straggler(double idleRate) {
    long head = ledger.resultsWait() ? ledger.headAttempt().map(InFlight::attempt).orElse(0L) : 0L;
    Set<String> seen = new HashSet<>();
    List<Candidate<String>> candidates =
        ledger.inFlight().stream()
            .map(
                attempt ->
                    new Candidate<>(
                        attempt.attempt(),
                        attempt.worker(),
                        attempt.left().size(),
                        factoring.rate(attempt.worker()),
                        seen.add(attempt.worker()),
                        asked.contains(attempt.attempt()) || stiff.contains(attempt.attempt()),
                        attempt.attempt() == head))
            .toList();
    return Straggler.choose(candidates, block, THRESHOLD_NANOS, idleRate);
  }
}
