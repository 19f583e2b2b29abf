package io.divvy.coordinator;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How many items may fail before a run is given up. */
public sealed interface Halt {

  /** However many fail, the others are computed. */
  enum Never implements Halt {
    INSTANCE
  }

  /** Given up once so many items have failed, at least 1. */
  record Items(long count) implements Halt {}

  /** Given up once this part of all items has failed, above 0 and at most 100. */
  record Percent(BigDecimal percent) implements Halt {}

  /** Why a run ends that was given up after so many items had failed. */
  static String reason(long failed) {
    return failed + " items failed, and --halt ends the run then";
  }

  /** With how many failed items a run of {@code items} ends; the largest number there is: never. */
  default long limit(long items) {
    if (this instanceof Items some) {
      return some.count();
    }
    if (this instanceof Percent part) {
      return part.percent()
          .multiply(BigDecimal.valueOf(items))
          .movePointLeft(2)
          .setScale(0, RoundingMode.CEILING)
          .max(BigDecimal.ONE)
          .longValueExact();
    }
    return Long.MAX_VALUE;
  }
}
