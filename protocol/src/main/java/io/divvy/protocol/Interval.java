package io.divvy.protocol;

/**
 * The indices [from, to) of a job's input.
 *
 * @param from the first index, at least 0
 * @param to the index after the last, at least {@code from}
 */
public record Interval(long from, long to) {

  public Interval {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("not an interval: [" + from + ", " + to + ")");
    }
  }

  /** How many indices it holds. */
  public long size() {
    return to - from;
  }

  public boolean isEmpty() {
    return from == to;
  }

  @Override
  public String toString() {
    return "[" + from + ", " + to + ")";
  }
}
