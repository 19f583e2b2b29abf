package io.divvy.coordinator;

import java.time.Duration;
import java.util.Optional;

/**
 * What a run does about items that go wrong.
 *
 * @param retries how often a failed item is tried again, at least 0
 * @param halt how many may fail before the run is given up
 * @param itemTimeout how long an item, or a block of a reduction, may be computed; empty: as long
 *     as it takes
 * @param verify the share of the accepted results to compute once more and compare; 0: none
 */
public record Care(int retries, Halt halt, Optional<Duration> itemTimeout, double verify) {

  /** The same, with that share of the results computed once more. */
  public Care verifying(double share) {
    return new Care(retries, halt, itemTimeout, share);
  }

  /** A run that tries failed items again so often, and goes on however many fail. */
  public static Care ofRetries(int retries) {
    return new Care(retries, Halt.Never.INSTANCE, Optional.empty(), 0);
  }
}
