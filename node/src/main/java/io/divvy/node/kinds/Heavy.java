package io.divvy.node.kinds;

import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Parameter;
import io.divvy.job.Work;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Keeps a core busy: many sines and cosines for each number. */
public record Heavy(
    @Parameter("how many terms are added up for each number, at least 0") long iterations)
    implements MapKind<Double> {

  private static final Codec<Double> CODEC = Codec.doubles(6);

  // About a millisecond of work.
  private static final int STRETCH = 1 << 16;

  public Heavy {
    if (iterations < 0) {
      throw new IllegalArgumentException("iterations must be at least 0, got " + iterations);
    }
  }

  public Heavy() {
    this(10_000_000);
  }

  @Override
  public String name() {
    return "heavy";
  }

  @Override
  public String summary() {
    return "for each n: the sum of n * sin(i * 0.00001) * cos(i * 0.00002) over i < iterations";
  }

  @Override
  public Double apply(long number, Work work) {
    double sum = 0;
    for (long from = 0; from < iterations; from += STRETCH) {
      if (work.cancelled()) {
        throw new CancellationException();
      }
      sum = add(sum, (double) number, from, (int) Math.min(STRETCH, iterations - from));
    }
    return sum;
  }

  // The order of the operations decides the last bits: it is that of the same loop in Python.
  // Math, not StrictMath, gives Python's sines.
  private static double add(double sum, double number, long from, int count) {
    for (int k = 0; k < count; k++) {
      double i = (double) (from + k);
      sum += number * (Math.sin(i * 0.00001) * Math.cos(i * 0.00002));
    }
    return sum;
  }

  @Override
  public Codec<Double> codec() {
    return CODEC;
  }

  @Override
  public Optional<String> displayLine(long number, Double value) {
    return Optional.of("Input: " + number + ", Result: " + CODEC.line(value));
  }
}
