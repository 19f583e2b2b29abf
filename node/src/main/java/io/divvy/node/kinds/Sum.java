package io.divvy.node.kinds;

import io.divvy.job.Codec;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import java.math.BigInteger;
import java.util.concurrent.CancellationException;

/** Adds the numbers one by one; exact for every range. */
public record Sum() implements ReduceKind<BigInteger> {

  // So many numbers are added up in a long before the total is touched: their halves cannot
  // overflow it (2^20 * 2^32 < 2^63), and asking whether to go on costs nothing in comparison.
  private static final int STRETCH = 1 << 20;

  // A stretch of numbers no further from 0 than this fits a long as it is.
  private static final long SMALL = Long.MAX_VALUE / STRETCH;

  @Override
  public String name() {
    return "sum";
  }

  @Override
  public String summary() {
    return "adds the numbers one by one, exactly";
  }

  @Override
  public BigInteger identity() {
    return BigInteger.ZERO;
  }

  @Override
  public BigInteger reduce(Numbers numbers, Work work) {
    BigInteger total = BigInteger.ZERO;
    for (long from = 0; from < numbers.count(); ) {
      if (work.cancelled()) {
        throw new CancellationException();
      }
      int count = (int) Math.min(STRETCH, numbers.count() - from);
      total = total.add(stretch(numbers.at(from), numbers.step(), count));
      from += count;
    }
    return total;
  }

  private static BigInteger stretch(long first, long step, int count) {
    long last = first + (count - 1) * step;
    boolean small = Math.min(first, last) >= -SMALL && Math.max(first, last) <= SMALL;
    return small ? small(first, step, count) : halves(first, step, count);
  }

  private static BigInteger small(long first, long step, int count) {
    long total = 0;
    long number = first;
    for (int i = 0; i < count; i++) {
      total += number;
      number += step;
    }
    return BigInteger.valueOf(total);
  }

  /** Adds the lower and the upper 32 bits of the numbers apart. */
  private static BigInteger halves(long first, long step, int count) {
    long lower = 0;
    long upper = 0;
    long number = first;
    for (int i = 0; i < count; i++) {
      lower += number & 0xFFFF_FFFFL;
      upper += number >> 32;
      number += step;
    }
    return BigInteger.valueOf(upper).shiftLeft(32).add(BigInteger.valueOf(lower));
  }

  @Override
  public BigInteger combine(BigInteger left, BigInteger right) {
    return left.add(right);
  }

  @Override
  public Codec<BigInteger> codec() {
    return Codec.integers();
  }
}
