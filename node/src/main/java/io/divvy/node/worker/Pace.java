package io.divvy.node.worker;

/**
 * How many blocks to compute between two looks at the bound and the cancel flag: one at first, then
 * as many as take about {@link #TARGET_NANOS} by the latest measurement.
 */
final class Pace {
  static final long TARGET_NANOS = 1_500_000;
  private static final long MOST_BLOCKS = 1L << 40;

  private long blocks = 1;

  long blocks() {
    return blocks;
  }

  /** {@code computed} blocks took {@code nanos}. */
  void measured(long computed, long nanos) {
    double fitting = (double) computed * TARGET_NANOS / Math.max(1, nanos);
    // At most doubled: a slice that happened to be cheap says little about the next.
    blocks = Math.max(1, Math.min((long) fitting, Math.min(2 * computed, MOST_BLOCKS)));
  }
}
