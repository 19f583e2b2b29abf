package io.divvy.job;

import java.math.BigInteger;

/**
 * Whole numbers at equal distances: the input of a job, or a stretch of it. The number at index i
 * is {@code first + i * step}.
 *
 * @param first the number at index 0
 * @param step the distance from one number to the next, not 0
 * @param count how many there are, at least 0; the last number fits a {@code long}
 */
public record Numbers(long first, long step, long count) {

  public Numbers {
    if (step == 0) {
      throw new IllegalArgumentException("the step must not be 0");
    }
    if (count < 0) {
      throw new IllegalArgumentException("the count must be at least 0, got " + count);
    }
    if (count > 0 && !reaches(first, step, count - 1)) {
      throw new ArithmeticException(
          count + " numbers from " + first + " in steps of " + step + " do not fit 64 bits");
    }
  }

  // The way from the first to the last may be longer than a long although both fit one.
  private static boolean reaches(long first, long step, long steps) {
    long high = Math.multiplyHigh(steps, step);
    long low = steps * step;
    if (high == low >> 63) {
      long last = first + low;
      return step > 0 ? last >= first : last <= first;
    }
    return BigInteger.valueOf(steps)
            .multiply(BigInteger.valueOf(step))
            .add(BigInteger.valueOf(first))
            .bitLength()
        < Long.SIZE;
  }

  /** The number at {@code index}, which lies in [0, {@link #count()}). */
  public long at(long index) {
    return first + index * step;
  }

  /**
   * The last number.
   *
   * @throws IllegalStateException when there is none
   */
  public long last() {
    if (count == 0) {
      throw new IllegalStateException("no numbers, so no last one");
    }
    return at(count - 1);
  }

  /** As a person would write them on the command line: {@code 0..50000}. */
  public String words() {
    if (count == 0) {
      return first + ".." + first;
    }
    long last = last();
    if (count == 1) {
      return Long.toString(first);
    }
    if (step == 1 && last < Long.MAX_VALUE) {
      return first + ".." + (last + 1);
    }
    return first + "..=" + last + (step == 1 ? "" : ":" + step);
  }

  /** The numbers at the indices [{@code from}, {@code to}). */
  public Numbers slice(long from, long to) {
    if (from < 0 || to < from || to > count) {
      throw new IndexOutOfBoundsException(
          "[" + from + ", " + to + ") is not within [0, " + count + ")");
    }
    return new Numbers(from == to ? first : at(from), step, to - from);
  }
}
