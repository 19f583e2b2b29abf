package io.divvy.coordinator.ledger;

import io.divvy.protocol.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A set of indices, kept as disjoint intervals in order. Every change and question costs the
 * logarithm of the number of intervals, plus what it removes or lists.
 */
public final class IntervalSet {
  // INVARIANT: from -> to, from < to, no two overlap.
  private final TreeMap<Long, Long> ends = new TreeMap<>();
  private long size;

  /** Adds the indices [from, to); they become one interval with all they overlap or touch. */
  public void add(long from, long to) {
    if (checked(from, to)) {
      return;
    }
    long first = from;
    long last = to;
    Map.Entry<Long, Long> before = ends.floorEntry(from);
    if (before != null && before.getValue() >= from) {
      first = before.getKey();
    }
    for (Map.Entry<Long, Long> next = ends.ceilingEntry(first);
        next != null && next.getKey() <= last;
        next = ends.ceilingEntry(first)) {
      last = Math.max(last, next.getValue());
      take(next);
    }
    put(first, last);
  }

  /**
   * Adds [from, to) as an interval of its own, which stays apart from those it touches.
   *
   * @throws IllegalArgumentException when it overlaps one
   */
  public void addApart(long from, long to) {
    if (checked(from, to)) {
      return;
    }
    if (intersects(from, to)) {
      throw new IllegalArgumentException("[" + from + ", " + to + ") overlaps " + this);
    }
    put(from, to);
  }

  /** Removes the indices [from, to), whichever of them are there. */
  public void remove(long from, long to) {
    if (checked(from, to)) {
      return;
    }
    Map.Entry<Long, Long> before = ends.lowerEntry(from);
    if (before != null && before.getValue() > from) {
      take(before);
      put(before.getKey(), from);
      if (before.getValue() > to) {
        put(to, before.getValue());
      }
    }
    for (Map.Entry<Long, Long> next = ends.ceilingEntry(from);
        next != null && next.getKey() < to;
        next = ends.ceilingEntry(from)) {
      take(next);
      if (next.getValue() > to) {
        put(to, next.getValue());
      }
    }
  }

  public boolean contains(long index) {
    Map.Entry<Long, Long> entry = ends.floorEntry(index);
    return entry != null && entry.getValue() > index;
  }

  /** Whether it has any index of [from, to). */
  public boolean intersects(long from, long to) {
    if (from >= to) {
      return false;
    }
    Map.Entry<Long, Long> entry = ends.lowerEntry(to);
    return entry != null && entry.getValue() > from;
  }

  /** What of [from, to) is not in it, in order. */
  public List<Interval> gaps(long from, long to) {
    List<Interval> gaps = new ArrayList<>();
    long at = firstGap(from);
    while (at < to) {
      Long next = ends.higherKey(at);
      long gapEnd = next == null ? to : Math.min(next, to);
      gaps.add(new Interval(at, gapEnd));
      at = firstGap(gapEnd);
    }
    return gaps;
  }

  /** The lowest index from {@code from} on that is not in it. */
  public long firstGap(long from) {
    long at = from;
    for (Map.Entry<Long, Long> entry = ends.floorEntry(at);
        entry != null && entry.getValue() > at;
        entry = ends.floorEntry(at)) {
      at = entry.getValue();
    }
    return at;
  }

  /** The lowest interval that starts at {@code from} or later. */
  public Optional<Interval> next(long from) {
    Map.Entry<Long, Long> entry = ends.ceilingEntry(from);
    return entry == null
        ? Optional.empty()
        : Optional.of(new Interval(entry.getKey(), entry.getValue()));
  }

  /** The index after the highest in it, or 0 when it is empty. */
  public long end() {
    Map.Entry<Long, Long> last = ends.lastEntry();
    return last == null ? 0 : last.getValue();
  }

  /** How many indices it has. */
  public long size() {
    return size;
  }

  public boolean isEmpty() {
    return ends.isEmpty();
  }

  /** Its intervals, in order. */
  public List<Interval> intervals() {
    List<Interval> intervals = new ArrayList<>(ends.size());
    ends.forEach((from, to) -> intervals.add(new Interval(from, to)));
    return intervals;
  }

  /** The first few of its intervals. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    int shown = 0;
    for (Map.Entry<Long, Long> entry : ends.entrySet()) {
      if (shown++ == 10) {
        return text.append(", … ").append(ends.size()).append(" intervals}").toString();
      }
      text.append(shown == 1 ? "[" : ", [").append(entry.getKey());
      text.append(", ").append(entry.getValue()).append(')');
    }
    return text.append('}').toString();
  }

  /** Whether [from, to) is empty. */
  private static boolean checked(long from, long to) {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("not an interval: [" + from + ", " + to + ")");
    }
    return from == to;
  }

  private void put(long from, long to) {
    ends.put(from, to);
    size += to - from;
  }

  private void take(Map.Entry<Long, Long> entry) {
    ends.remove(entry.getKey());
    size -= entry.getValue() - entry.getKey();
  }
}
