package io.divvy.node.kinds;

import io.divvy.job.Codec;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import java.util.concurrent.CancellationException;

/**
 * Counts the primes, each number by itself: uneven work, since a prime takes a division by every
 * candidate up to its root and an even number takes one.
 */
public record Primes() implements ReduceKind<Long> {

  // Divisors 6k - 1 and 6k + 1 tried before asking again whether to go on: a tenth of a
  // millisecond. Every number below 2^36 is done within one stretch.
  private static final long STRETCH = 6 << 15;

  // So many small numbers are tested before asking again.
  private static final int BATCH = 64;

  @Override
  public String name() {
    return "primes";
  }

  @Override
  public String summary() {
    return "how many of the numbers are prime, by trial division of each";
  }

  @Override
  public Long identity() {
    return 0L;
  }

  @Override
  public Long reduce(Numbers numbers, Work work) {
    long primes = 0;
    for (long from = 0; from < numbers.count(); ) {
      stopIfCancelled(work);
      long to = from + Math.min(BATCH, numbers.count() - from);
      for (; from < to; from++) {
        if (isPrime(numbers.at(from), work)) {
          primes++;
        }
      }
    }
    return primes;
  }

  static boolean isPrime(long number, Work work) {
    if (number < 25) {
      return number == 2 || number == 3 || (number > 4 && number % 2 != 0 && number % 3 != 0);
    }
    if (number % 2 == 0 || number % 3 == 0) {
      return false;
    }
    // Rounding may give a root that is 1 too large. No harm: it stays below the number.
    long root = (long) Math.sqrt((double) number);
    return number <= Integer.MAX_VALUE
        ? hasNoDivisor((int) number, (int) root)
        : hasNoDivisor(number, root, work);
  }

  // Division of ints takes half the time.
  private static boolean hasNoDivisor(int number, int root) {
    for (int divisor = 5; divisor <= root; divisor += 6) {
      if (number % divisor == 0 || number % (divisor + 2) == 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasNoDivisor(long number, long root, Work work) {
    for (long from = 5; from <= root; from += STRETCH) {
      stopIfCancelled(work);
      long to = Math.min(root, from + STRETCH - 1);
      for (long divisor = from; divisor <= to; divisor += 6) {
        if (number % divisor == 0 || number % (divisor + 2) == 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static void stopIfCancelled(Work work) {
    if (work.cancelled()) {
      throw new CancellationException();
    }
  }

  @Override
  public Long combine(Long left, Long right) {
    return left + right;
  }

  @Override
  public Codec<Long> codec() {
    return Codec.longs();
  }
}
