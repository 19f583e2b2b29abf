package io.divvy.node.report;

import io.divvy.job.Numbers;
import io.divvy.protocol.Interval;

/** A stretch of the input as a person would write it on the command line. */
public final class Stretch {

  private Stretch() {}

  /** The numbers at the indices of {@code interval}, which is not empty: {@code 0..50000}. */
  public static String of(Numbers numbers, Interval interval) {
    long first = numbers.at(interval.from());
    long last = numbers.at(interval.to() - 1);
    if (interval.size() == 1) {
      return Long.toString(first);
    }
    if (numbers.step() == 1 && last < Long.MAX_VALUE) {
      return first + ".." + (last + 1);
    }
    return first + "..=" + last + (numbers.step() == 1 ? "" : ":" + numbers.step());
  }
}
