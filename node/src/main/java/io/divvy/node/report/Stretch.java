package io.divvy.node.report;

import io.divvy.job.Numbers;
import io.divvy.protocol.Interval;

/** A stretch of the input as a person would write it on the command line. */
public final class Stretch {

  private Stretch() {}

  /** The numbers at the indices of {@code interval}: {@code 0..50000}. */
  public static String of(Numbers numbers, Interval interval) {
    return numbers.slice(interval.from(), interval.to()).words();
  }
}
