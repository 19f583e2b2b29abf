package io.divvy.node.compare;

import java.util.Arrays;

/** The middle and the ends of some measurements. */
public record Quantiles(double median, double min, double max) {

  static Quantiles of(double[] measurements) {
    double[] sorted = measurements.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Quantiles(median, sorted[0], sorted[sorted.length - 1]);
  }
}
