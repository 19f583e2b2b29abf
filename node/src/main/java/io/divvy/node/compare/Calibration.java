package io.divvy.node.compare;

import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import java.util.function.LongSupplier;

/** Finds out how long a range has to be to keep one thread busy for some seconds here. */
public final class Calibration {

  private static final double SECONDS = 4;
  private static final long ENOUGH_NANOS = 300_000_000L;

  /** Nothing that many items are too few for is ever measured. */
  private static final long LONGEST = 1L << 50;

  private Calibration() {}

  /**
   * From 1, so many numbers that one thread takes about four seconds, and no fewer than {@code
   * least}. Ever longer ranges are computed for some tenths of a second to find out.
   *
   * @param clock nanoseconds, as {@link System#nanoTime()}
   * @throws Exception what the kind throws
   */
  public static Numbers choose(JobKind kind, long least, LongSupplier clock) throws Exception {
    long count = 1;
    while (true) {
      long from = clock.getAsLong();
      compute(kind, new Numbers(1, 1, count));
      long nanos = Math.max(1, clock.getAsLong() - from);
      // The first item also loads and compiles code: it measures only what is long anyway.
      boolean telling = nanos >= ENOUGH_NANOS && (count > 1 || nanos >= SECONDS * 1e9 / 2);
      if (telling || count >= LONGEST) {
        double needed = SECONDS * 1e9 / nanos * count;
        return new Numbers(1, 1, Math.max(least, twoDigits(needed)));
      }
      count *= 2;
    }
  }

  private static void compute(JobKind kind, Numbers numbers) throws Exception {
    Work work = () -> Thread.currentThread().isInterrupted();
    if (kind instanceof MapKind<?> map) {
      for (long index = 0; index < numbers.count(); index++) {
        map.apply(numbers.at(index), work);
      }
    } else if (kind instanceof ReduceKind<?> reduce) {
      reduce.reduce(numbers, work);
    }
  }

  /** The number with all but its first two digits 0: one that people can read. */
  private static long twoDigits(double number) {
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(number)) - 1));
    return Math.max(1, (long) (Math.rint(number / unit) * unit));
  }
}
