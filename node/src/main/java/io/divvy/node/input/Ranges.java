package io.divvy.node.input;

import io.divvy.job.Numbers;
import java.math.BigInteger;

/**
 * The input of a range kind: {@code A..B} without B, as Python's {@code range(A, B)}; {@code A..=B}
 * with B; {@code A..B:STEP}.
 */
public final class Ranges {
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Ranges() {}

  /** The numbers that {@code text} denotes. */
  public static Numbers parse(String text) throws UsageException {
    int dots = text.indexOf("..");
    if (dots < 0) {
      throw wrong(text, "is unreadable: write A..B, A..=B or A..B:STEP, for example 0..100");
    }
    String start = text.substring(0, dots);
    String end = text.substring(dots + 2);
    boolean withEnd = end.startsWith("=");
    if (withEnd) {
      end = end.substring(1);
    }
    int colon = end.indexOf(':');
    long step = 1;
    if (colon >= 0) {
      step = number(text, "step", end.substring(colon + 1), "0..100:2");
      end = end.substring(0, colon);
    }
    long first = number(text, "start", start, "0..100");
    long bound = number(text, "end", end, "0..100");
    if (step == 0) {
      throw wrong(text, "has a step of 0: write another, for example 0..100:2");
    }
    if (step > 0 ? first > bound : first < bound) {
      throw wrong(text, "is reversed: " + way(first, bound, step, withEnd ? "..=" : ".."));
    }
    return new Numbers(first, step, count(text, first, bound, step, withEnd));
  }

  private static long number(String range, String what, String text, String example)
      throws UsageException {
    if (text.isEmpty()) {
      throw wrong(range, "has no " + what + ": write for example " + example);
    }
    try {
      return WholeNumber.parse(text);
    } catch (NumberFormatException e) {
      throw wrong(
          range, "has an unreadable " + what + " '" + text + "': write " + WholeNumber.EXAMPLES);
    } catch (ArithmeticException e) {
      throw wrong(
          range,
          String.format(
              "goes beyond 64 bits: its %s is %s, allowed is %d to %d",
              what, text, Long.MIN_VALUE, Long.MAX_VALUE));
    }
  }

  private static String way(long first, long bound, long step, String dots) {
    String down = first + dots + bound + ":" + -step;
    if (step != 1) {
      return "steps of " + step + " never lead from " + first + " to " + bound + "; write " + down;
    }
    return first
        + " is above "
        + bound
        + "; write "
        + bound
        + dots
        + first
        + ", or "
        + down
        + " to count down";
  }

  private static long count(String text, long first, long bound, long step, boolean withEnd)
      throws UsageException {
    BigInteger stride = BigInteger.valueOf(step);
    BigInteger way = BigInteger.valueOf(bound).subtract(BigInteger.valueOf(first));
    BigInteger[] steps = way.divideAndRemainder(stride);
    BigInteger count = withEnd || steps[1].signum() != 0 ? steps[0].add(BigInteger.ONE) : steps[0];
    if (count.compareTo(MAX) > 0) {
      throw wrong(text, "has " + count + " items, allowed are " + MAX + ": split it in two");
    }
    return count.longValue();
  }

  private static UsageException wrong(String range, String what) {
    return new UsageException("range '" + range + "' " + what);
  }

  /** The numbers in words: {@code 8 items, 1 to 8}. */
  public static String describe(Numbers numbers) {
    if (numbers.count() == 0) {
      return "no items";
    }
    if (numbers.count() == 1) {
      return "1 item, " + grouped(numbers.first());
    }
    String words =
        grouped(numbers.count())
            + " items, "
            + grouped(numbers.first())
            + " to "
            + grouped(numbers.last());
    return numbers.step() == 1 ? words : words + ", step " + grouped(numbers.step());
  }

  // By hand: the first String.format of a JVM costs some 20 ms, and every run writes a header.
  private static String grouped(long number) {
    StringBuilder digits = new StringBuilder(Long.toString(number));
    int start = number < 0 ? 1 : 0;
    for (int i = digits.length() - 3; i > start; i -= 3) {
      digits.insert(i, ',');
    }
    return digits.toString();
  }
}
