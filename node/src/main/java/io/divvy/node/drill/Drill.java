package io.divvy.node.drill;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * One fault, and when it happens.
 *
 * @param percent of the items that are counted by then, above 0 and below 100
 * @param pause how long a node is stopped; zero for the other faults
 */
public record Drill(Fault fault, BigDecimal percent, Duration pause) {

  /** When it happens, as it was written: {@code 40%}. */
  public String at() {
    return percent.toPlainString() + "%";
  }

  /** Whether so many of the items are counted that it is time. */
  boolean due(long counted, long items) {
    return BigDecimal.valueOf(counted)
            .movePointRight(2)
            .compareTo(percent.multiply(BigDecimal.valueOf(items)))
        >= 0;
  }
}
