package io.divvy.coordinator.share;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Chunk sizes by weighted factoring in time: every worker gets what it computes while the fleet
 * computes half of the rest, within bounds.
 *
 * @param <W> how a worker is named
 */
public final class Factoring<W> {

  /** The share of the remaining work that one round of chunks takes. */
  private static final double ROUND = 0.5;

  /** Until its rate is trusted, a chunk is at most so much larger than any measured before. */
  private static final double GROWTH = 16;

  /** A rate is trusted once so much computing stands behind it. */
  private static final double TRUSTED_NANOS = 5e6;

  /** What was measured so much computing ago counts about a third. */
  private static final double MEMORY_NANOS = 250e6;

  private static final int MOST_CHUNKS = 256;

  private final long block;
  private final long fixedSize;
  private long maximumNanos;
  private final Map<W, Pace> paces = new HashMap<>();
  private final Set<W> present = new HashSet<>();
  private final Set<W> successors = new HashSet<>();

  /**
   * Sizes for a run without workers yet.
   *
   * @param block sizes are multiples of it
   * @param fixedSize the size of every chunk, or 0 to measure
   * @param maximumNanos how long a chunk should take at most
   */
  public Factoring(long block, long fixedSize, long maximumNanos) {
    if (block < 1 || fixedSize < 0 || maximumNanos < 1) {
      throw new IllegalArgumentException(
          "block %d and maximum %d must be at least 1, the fixed size %d at least 0"
              .formatted(block, maximumNanos, fixedSize));
    }
    this.block = block;
    this.fixedSize = fixedSize;
    this.maximumNanos = maximumNanos;
  }

  /**
   * A worker takes part; its first chunk is one block, to be measured. One that took part before is
   * as fast as it was.
   *
   * @param minimumNanos how long its chunks should take at least
   */
  public void join(W worker, long minimumNanos) {
    paces.putIfAbsent(worker, new Pace(minimumNanos));
    present.add(worker);
  }

  /**
   * The worker died. Who takes part under its name is another one: its first chunk is one block,
   * even where all chunks have one size, since what killed the one may kill the other.
   */
  public void forget(W worker) {
    paces.remove(worker);
    successors.add(worker);
  }

  /** A worker no longer takes part. */
  public void leave(W worker) {
    present.remove(worker);
  }

  /** Chunks should take at most so long from now on: less than the time between two deaths. */
  public void limit(long nanos) {
    maximumNanos = Math.max(1, nanos);
  }

  /** The worker computed {@code items} in {@code busyNanos}. */
  public void measured(W worker, long items, long busyNanos) {
    Pace pace = paces.get(worker);
    if (pace != null && items > 0) {
      pace.add((double) items, (double) Math.max(1, busyNanos));
    }
  }

  /** How many items the worker should be given next, when {@code queued} wait. */
  public long size(W worker, long queued) {
    Pace pace = paces.get(worker);
    boolean probing = successors.contains(worker) && (pace == null || !pace.measured());
    if (fixedSize > 0 && !probing) {
      return whole((double) fixedSize);
    }
    if (pace == null || !pace.measured()) {
      return block;
    }
    double nanos = ROUND * queued / total();
    nanos = Math.max((double) pace.minimumNanos, Math.min((double) maximumNanos, nanos));
    double size = pace.rate() * nanos;
    if (pace.busy < TRUSTED_NANOS) {
      size = Math.min(size, GROWTH * pace.largest);
    }
    return whole(size);
  }

  /**
   * How many chunks the worker should hold: one to compute, and enough behind it to hide the way to
   * the coordinator and back.
   *
   * @param queued how many items wait; when there is less than a chunk for every slot, nobody
   *     hoards
   */
  public int credit(W worker, long queued, int slots, long roundTripNanos) {
    Pace pace = paces.get(worker);
    long size = size(worker, queued);
    // Of one that is not measured, nobody knows how many hide the way.
    if (pace == null || !pace.measured() || (double) queued < (double) size * slots) {
      return 1;
    }
    double chunkNanos = Math.max(1, size / pace.rate());
    double behind = Math.ceil(roundTripNanos / chunkNanos);
    double fair = Math.floor((double) queued / size / slots);
    return (int) Math.max(1, Math.min(MOST_CHUNKS, Math.min(1 + behind, fair)));
  }

  /**
   * Items per nanosecond; of one not measured yet the mean of the others, or 0 when there is none.
   */
  public double rate(W worker) {
    Pace pace = paces.get(worker);
    return pace != null && pace.measured() ? pace.rate() : mean();
  }

  private double mean() {
    return present.stream()
        .map(paces::get)
        .filter(Objects::nonNull)
        .filter(Pace::measured)
        .mapToDouble(Pace::rate)
        .average()
        .orElse(0);
  }

  /** All workers together; whoever is not measured yet is taken for an average one. */
  private double total() {
    return mean() * present.size();
  }

  /** The multiple of the block nearest to {@code size}, at least one block. */
  private long whole(double size) {
    long blocks = (long) Math.rint(Math.min(size, Long.MAX_VALUE / 2.0) / block);
    return Math.max(1, blocks) * block;
  }

  /**
   * How fast one worker is: its items by its time, the older ones fading. A measurement weighs as
   * much as it lasted, so the tiny ones, which are mostly overhead, weigh little.
   */
  private static final class Pace {
    private final long minimumNanos;
    private double items;
    private double nanos;
    private double busy;
    private double largest;

    Pace(long minimumNanos) {
      this.minimumNanos = minimumNanos;
    }

    void add(double newItems, double newNanos) {
      double kept = Math.exp(-newNanos / MEMORY_NANOS);
      items = items * kept + newItems;
      nanos = nanos * kept + newNanos;
      busy += newNanos;
      largest = Math.max(largest, newItems);
    }

    boolean measured() {
      return nanos > 0;
    }

    double rate() {
      return items / nanos;
    }
  }
}
