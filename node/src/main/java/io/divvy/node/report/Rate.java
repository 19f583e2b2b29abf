package io.divvy.node.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast items are counted, over the last ten seconds. */
final class Rate {

  private static final long WINDOW_NANOS = 10_000_000_000L;

  private record Sample(long nanos, long counted) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** At {@code nanos} that many items were counted. */
  void sample(long nanos, long counted) {
    samples.addLast(new Sample(nanos, counted));
    // The newest sample outside the window stays: with long items there is none inside it.
    while (samples.size() > 2 && secondAge(nanos) > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** Items per second, 0 while unknown. */
  double perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    return last.nanos() == first.nanos()
        ? 0
        : (last.counted() - first.counted()) * 1e9 / (last.nanos() - first.nanos());
  }

  private long secondAge(long now) {
    var iterator = samples.iterator();
    iterator.next();
    return now - iterator.next().nanos();
  }
}
