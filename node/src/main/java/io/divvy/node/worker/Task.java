package io.divvy.node.worker;

import io.divvy.protocol.Interval;

/**
 * A chunk being worked on: the compute thread claims it slice by slice from its beginning, while
 * others may lower its end.
 */
final class Task {
  private final long attempt;
  private final long block;
  private final long heardAt;

  // INVARIANT: begin <= claimed <= end, and both are multiples of the block or the chunk's end.
  private long claimed;
  private long end;
  private long singlyUntil;

  /**
   * @param block what is never cut apart; the chunk begins at a multiple of it
   * @param heardAt when it was handed in, by the node's monotonic clock
   */
  Task(long attempt, Interval interval, long block, long heardAt) {
    if (block < 1) {
      throw new IllegalArgumentException("a block has at least 1 item, got " + block);
    }
    this.attempt = attempt;
    this.block = block;
    this.heardAt = heardAt;
    this.claimed = interval.from();
    this.end = interval.to();
  }

  long attempt() {
    return attempt;
  }

  long heardAt() {
    return heardAt;
  }

  /** Where the task ends by now. */
  synchronized long end() {
    return end;
  }

  /** Where what is not yet claimed begins. */
  synchronized long claimed() {
    return claimed;
  }

  /**
   * The next items to compute: {@code most} whole blocks, or fewer at the end; one of what is to be
   * computed singly. Empty when nothing is left, and then for ever.
   */
  synchronized Interval claim(long most) {
    long from = claimed;
    long blocks = from < singlyUntil ? 1 : most;
    claimed = blocks > (end - from) / block ? end : Math.min(end, from + blocks * block);
    return new Interval(from, claimed);
  }

  /**
   * The claimer did not compute what it claimed from {@code from} on; it is claimed again, up to
   * {@code singly} block by block.
   */
  synchronized void giveBack(long from, long singly) {
    claimed = from;
    singlyUntil = singly;
  }

  /**
   * Lowers the end so that about {@code keep} of the unclaimed items stay; a task whose end is
   * below {@code knownEnd} was cut since and stays as it is.
   *
   * @param keep from 0 to 1
   * @return the end
   */
  synchronized long stopEarly(double keep, long knownEnd) {
    if (end < knownEnd) {
      return end;
    }
    long unclaimed = end - claimed;
    long kept = keep >= 0 && keep < 1 ? (long) Math.ceil(keep * unclaimed) : unclaimed;
    long beyond = (claimed + kept) % block;
    long missing = beyond == 0 ? 0 : block - beyond;
    // kept may exceed what is left by a rounding of the product, and the last block may be short.
    end = missing >= unclaimed - kept ? end : claimed + kept + missing;
    return end;
  }

  /** Lowers the end to what is claimed: what is in hand is finished, nothing else begun. */
  long stop() {
    return stopEarly(0, 0);
  }
}
