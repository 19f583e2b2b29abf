package io.divvy.coordinator.ledger;

import io.divvy.protocol.Chunk;
import io.divvy.protocol.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The books of one run: which items are counted, failed, queued and in flight.
 *
 * <p>Workers may answer late, twice or never. Whatever they say, an item is counted at most once
 * and never lost: {@code done + failed + remaining = items}, and every remaining item is either
 * queued or part of exactly one attempt in flight.
 *
 * @param <W> how a worker is named
 */
public final class Ledger<W> {

  /** What was being computed when a worker died is handed out in so many parts if it has more. */
  private static final int WARY_PARTS = 8;

  /** So many items that failed on a node are passed over, at most, to find it other work. */
  private static final int LOOK = 64;

  private final long items;
  private final long block;
  private final int retries;

  /** Counted or failed. */
  private final IntervalSet settled = new IntervalSet();

  // INVARIANT: queued, suspects and the attempts in flight are disjoint, the first two also from
  // settled; an attempt may reach over items that a stale attempt got settled meanwhile.
  private final IntervalSet queued = new IntervalSet();

  /** Queued as well, but in pieces that must not grow together again. */
  private final IntervalSet suspects = new IntervalSet();

  /** Not settled, and handed out at least once in vain. */
  private final IntervalSet again = new IntervalSet();

  private final TreeMap<Long, Strikes> strikes = new TreeMap<>();
  private final TreeMap<Long, GivenUp> failures = new TreeMap<>();
  private final Map<Long, Attempt<W>> attempts = new LinkedHashMap<>();
  private final TreeMap<Long, Attempt<W>> byPosition = new TreeMap<>();
  private long failed;
  private long handedOut;
  private long retried;
  private long duplicates;

  /**
   * The books of a run in which nothing was handed out yet.
   *
   * @param block cuts fall on multiples of it
   * @param retries how often an item that failed is tried again
   */
  public Ledger(long items, long block, int retries) {
    if (items < 0 || block < 1 || retries < 0) {
      throw new IllegalArgumentException(
          "items %d and retries %d must be at least 0, block %d at least 1"
              .formatted(items, retries, block));
    }
    this.items = items;
    this.block = block;
    this.retries = retries;
    queued.add(0, items);
  }

  /** Items that have no value and never will, and why. */
  public record GivenUp(Interval interval, String why) {}

  /**
   * Takes notice of what an earlier epoch of the run counted, before anything is handed out.
   *
   * @throws IllegalArgumentException when that is no part of the input or known already
   */
  public void restoreDone(long from, long to) {
    if (from < 0 || to < from || to > items || settled.intersects(from, to)) {
      throw new IllegalArgumentException(
          "[%d, %d) cannot be restored: %d items, some of them known".formatted(from, to, items));
    }
    settle(from, to);
  }

  /** Takes notice that an earlier epoch of the run gave an item up. */
  public void restoreFailed(long index, String why) {
    restoreDone(index, index + 1);
    failures.put(index, new GivenUp(new Interval(index, index + 1), why));
    failed++;
  }

  /** Hands out work even if it failed on {@code node} before. */
  public Optional<Chunk> take(long size, W worker, String node) {
    return take(size, worker, node, Set.of());
  }

  /**
   * Hands out the lowest queued items, in one piece; empty only when nothing is queued that this
   * worker should have.
   *
   * @param size the most items, unless a block is larger
   * @param node where the worker lives
   * @param others nodes that could take work now; what failed on {@code node} but not on all of
   *     these is left to them
   */
  public Optional<Chunk> take(long size, W worker, String node, Set<String> others) {
    Interval piece = lowest(node, others);
    if (piece == null) {
      return Optional.empty();
    }
    long from = piece.from();
    long to = cutPoint(piece, suspects.intersects(from, piece.to()) ? wary(piece, size) : size);
    boolean suspect = suspects.intersects(from, to);
    queued.remove(from, to);
    suspects.remove(from, to);
    if (again.intersects(from, to)) {
      retried++;
    }
    Attempt<W> attempt = new Attempt<>(++handedOut, worker, node, from, to);
    attempt.suspect = suspect;
    attempt.blamed = isBlamed(from, to);
    attempts.put(attempt.number, attempt);
    byPosition.put(from, attempt);
    return Optional.of(new Chunk(attempt.number, from, to));
  }

  /**
   * Takes notice of the values of [from, to).
   *
   * <p>They count also when the attempt was declared lost meanwhile; who else works on these items
   * then comes too late.
   *
   * @param end where the attempt now ends; the result is its last one when this is {@code to}
   */
  public Verdict accept(long attempt, long from, long to, long end) {
    if (from < 0 || to < from || to > items) {
      throw new IllegalArgumentException(
          "a result for [%d, %d), but there are %d items".formatted(from, to, items));
    }
    boolean fresh = !settled.intersects(from, to);
    if (fresh) {
      settle(from, to);
    } else {
      duplicates++;
    }
    advance(attempt, to, end);
    return fresh ? Verdict.ACCEPTED : Verdict.DUPLICATE;
  }

  /**
   * Takes notice that {@code item} has no value; its whole block has none then. What an attempt
   * says that is over by now is not believed: the item is with somebody else.
   *
   * @param end where the attempt now ends
   */
  public Verdict fail(long attempt, long item, long end, String why) {
    Interval unit = unit(item);
    Attempt<W> failing = attempts.get(attempt);
    boolean news =
        failing != null
            && unit.from() >= failing.position
            && unit.to() <= failing.end
            && !settled.intersects(unit.from(), unit.to());
    advance(attempt, unit.to(), end);
    if (failing == null || !news) {
      duplicates++;
      return Verdict.DUPLICATE;
    }
    Strikes counted = strikes.computeIfAbsent(unit.from(), from -> new Strikes());
    counted.failures++;
    counted.nodes.add(failing.node);
    if (counted.failures > retries) {
      giveUp(unit, why);
      return Verdict.FAILED;
    }
    setApart(unit);
    return Verdict.RETRY;
  }

  /**
   * Takes notice that the attempt ends at {@code end}. A doubled or late answer changes nothing: no
   * attempt grows.
   *
   * @return what is queued again by this, if anything
   */
  public Optional<Interval> cut(long attempt, long end) {
    Attempt<W> shortened = attempts.get(attempt);
    if (shortened == null || end >= shortened.end) {
      return Optional.empty();
    }
    Interval given = new Interval(Math.max(end, shortened.position), shortened.end);
    shrink(shortened, shortened.position, end);
    return Optional.of(given);
  }

  /**
   * Takes notice that nothing more is expected of the attempt.
   *
   * @param blame whether its process died while it was computed: then the rest is queued in halves.
   *     An attempt that was waiting behind another, or given back in good order, is not to blame.
   */
  public Loss lose(long attempt, Blame blame, String why) {
    Attempt<W> lost = attempts.remove(attempt);
    if (lost == null) {
      return Loss.NOTHING;
    }
    byPosition.remove(lost.position);
    List<Interval> rest = settled.gaps(lost.position, lost.end);
    rest.forEach(interval -> again.add(interval.from(), interval.to()));
    if (blame == Blame.NONE) {
      rest.forEach(interval -> queued.add(interval.from(), interval.to()));
      return new Loss(rest, List.of());
    }
    if (rest.equals(List.of(unit(lost.from))) && diedTooOften(lost.from, blame)) {
      Interval alone = rest.get(0);
      giveUp(alone, why);
      return new Loss(List.of(), List.of(alone));
    }
    List<Interval> halves = rest.stream().flatMap(interval -> halves(interval).stream()).toList();
    halves.forEach(this::setApart);
    return new Loss(halves, List.of());
  }

  /**
   * Which of the attempts that a process was computing it may have died of: the one of an item that
   * another process died of before, else all. No two such items are under way on one node, and none
   * beside other suspects, so that a second death tells which it was.
   */
  public Set<Long> suspects(Collection<Long> computing) {
    Set<Long> blamed = new HashSet<>();
    for (Long number : computing) {
      Attempt<W> attempt = attempts.get(number);
      if (attempt != null && attempt.blamed) {
        blamed.add(number);
      }
    }
    return blamed.isEmpty() ? Set.copyOf(computing) : blamed;
  }

  public long items() {
    return items;
  }

  /** How many items are counted. */
  public long done() {
    return settled.size() - failed;
  }

  /** How many items are given up. */
  public long failed() {
    return failed;
  }

  /** How many items are neither counted nor given up. */
  public long remaining() {
    return items - settled.size();
  }

  /** How many items wait to be handed out. */
  public long queued() {
    return queued.size() + suspects.size();
  }

  public boolean finished() {
    return remaining() == 0;
  }

  /** What is neither counted nor given up, in order. */
  public List<Interval> remainingIntervals() {
    return settled.gaps(0, items);
  }

  /** What is given up, in order. */
  public List<GivenUp> failures() {
    return List.copyOf(failures.values());
  }

  /** The attempts that are not over, oldest first. */
  public List<InFlight<W>> inFlight() {
    return attempts.values().stream().map(Attempt::view).toList();
  }

  /** This attempt, unless it is over. */
  public Optional<InFlight<W>> inFlight(long attempt) {
    return Optional.ofNullable(attempts.get(attempt)).map(Attempt::view);
  }

  /** The first item that is neither counted nor given up; {@code items} when there is none. */
  public long head() {
    return settled.firstGap(0);
  }

  /** Whether items behind the {@link #head} are settled, and so wait for it. */
  public boolean resultsWait() {
    return settled.end() > head();
  }

  /** The attempt that holds up all others, unless the {@link #head} is queued. */
  public Optional<InFlight<W>> headAttempt() {
    long head = head();
    return Optional.ofNullable(byPosition.floorEntry(head))
        .map(Map.Entry::getValue)
        .filter(attempt -> attempt.end > head)
        .map(Attempt::view);
  }

  /** How many chunks were handed out. */
  public long handedOut() {
    return handedOut;
  }

  /** How many of them held items that had been handed out before in vain. */
  public long retried() {
    return retried;
  }

  /** How many results were dropped. */
  public long duplicates() {
    return duplicates;
  }

  /** What is settled together with {@code item}: its block. */
  public Interval unit(long item) {
    if (item < 0 || item >= items) {
      throw new IllegalArgumentException("item %d of %d".formatted(item, items));
    }
    long from = item - item % block;
    return new Interval(from, from + Math.min(block, items - from));
  }

  /** What waits to be handed out, in order. */
  List<Interval> queuedIntervals() {
    List<Interval> waiting = new ArrayList<>(queued.intervals());
    waiting.addAll(suspects.intervals());
    waiting.sort(Comparator.comparingLong(Interval::from));
    return waiting;
  }

  private @Nullable Interval lowest(String node, Set<String> others) {
    Interval plain = queued.next(0).orElse(null);
    Interval suspect = suspects.next(0).orElse(null);
    boolean anyThere = suspect != null && holds(node, attempt -> attempt.suspect);
    boolean blamedThere = anyThere && holds(node, attempt -> attempt.blamed);
    for (int looked = 0; suspect != null && looked < LOOK; looked++) {
      if (plain != null && plain.from() < suspect.from()) {
        return plain;
      }
      boolean apart = anyThere && isBlamed(suspect.from(), suspect.to());
      if (!blamedThere && !apart && !leftToOthers(suspect, node, others)) {
        return suspect;
      }
      suspect = suspects.next(suspect.to()).orElse(null);
    }
    return plain;
  }

  private boolean holds(String node, Predicate<Attempt<W>> description) {
    return attempts.values().stream()
        .anyMatch(attempt -> attempt.node.equals(node) && description.test(attempt));
  }

  /** Whether that is one block, and a process died while it was computed. */
  private boolean isBlamed(long from, long to) {
    Strikes counted = strikes.get(from);
    return counted != null && counted.deaths > 0 && to == unit(from).to();
  }

  private boolean leftToOthers(Interval suspect, String node, Set<String> others) {
    Strikes counted = strikes.get(suspect.from());
    return counted != null && counted.nodes.contains(node) && !counted.nodes.containsAll(others);
  }

  /**
   * Of what may hold an item that kills, little at a time: so fewer deaths are enough to find it.
   */
  private static long wary(Interval piece, long size) {
    return piece.size() <= WARY_PARTS ? size : Math.min(size, piece.size() / WARY_PARTS);
  }

  private long cutPoint(Interval piece, long size) {
    if (size >= piece.size()) {
      return piece.to();
    }
    long wanted = piece.from() + Math.max(size, 1);
    long down = wanted - wanted % block;
    if (down > piece.from()) {
      return down;
    }
    return Math.min(piece.to(), unit(piece.from()).to());
  }

  private void settle(long from, long to) {
    settled.add(from, to);
    queued.remove(from, to);
    suspects.remove(from, to);
    again.remove(from, to);
    if (!strikes.isEmpty()) {
      strikes.subMap(from, to).clear();
    }
  }

  private void giveUp(Interval unit, String why) {
    settle(unit.from(), unit.to());
    failures.put(unit.from(), new GivenUp(unit, why));
    failed += unit.size();
  }

  private void setApart(Interval piece) {
    again.add(piece.from(), piece.to());
    queued.remove(piece.from(), piece.to());
    suspects.addApart(piece.from(), piece.to());
  }

  private void advance(long number, long to, long end) {
    Attempt<W> attempt = attempts.get(number);
    if (attempt != null) {
      shrink(attempt, Math.max(attempt.position, to), Math.min(attempt.end, end));
    }
  }

  /** Narrows the attempt to [position, end); what it held beside that and is open is queued. */
  private void shrink(Attempt<W> attempt, long position, long end) {
    byPosition.remove(attempt.position);
    long reported = Math.min(position, attempt.end);
    for (Interval dropped : settled.gaps(attempt.position, reported)) {
      queued.add(dropped.from(), dropped.to());
      again.add(dropped.from(), dropped.to());
    }
    for (Interval given : settled.gaps(Math.max(end, reported), attempt.end)) {
      queued.add(given.from(), given.to());
    }
    if (position < end) {
      attempt.position = position;
      attempt.end = end;
      byPosition.put(position, attempt);
    } else {
      attempts.remove(attempt.number);
    }
  }

  private boolean diedTooOften(long from, Blame blame) {
    Strikes counted = strikes.computeIfAbsent(from, unit -> new Strikes());
    counted.deaths += blame.weight();
    return counted.deaths >= Blame.ENOUGH;
  }

  private List<Interval> halves(Interval interval) {
    long middle = cutPoint(interval, interval.size() / 2);
    List<Interval> halves = new ArrayList<>(2);
    halves.add(new Interval(interval.from(), middle));
    if (middle < interval.to()) {
      halves.add(new Interval(middle, interval.to()));
    }
    return halves;
  }

  /** How often a block went wrong, and where its function did. */
  private static final class Strikes {
    private int failures;

    /** The weight of the blame for dead processes. */
    private int deaths;

    private final Set<String> nodes = new HashSet<>();
  }

  private static final class Attempt<W> {
    private final long number;
    private final W worker;
    private final String node;
    private final long from;
    private boolean suspect;
    private boolean blamed;
    private long position;
    private long end;

    Attempt(long number, W worker, String node, long from, long end) {
      this.number = number;
      this.worker = worker;
      this.node = node;
      this.from = from;
      this.position = from;
      this.end = end;
    }

    InFlight<W> view() {
      return new InFlight<>(number, worker, from, new Interval(position, end));
    }
  }
}
