package io.divvy.coordinator.ledger;

import io.divvy.protocol.Interval;

/**
 * An attempt that is not over.
 *
 * @param worker who was given it
 * @param from where it began
 * @param left what no result has reported yet, as far as the attempt still goes
 * @param <W> how a worker is named
 */
public record InFlight<W>(long attempt, W worker, long from, Interval left) {

  /** Whether some result of it has come. */
  public boolean progressed() {
    return left.from() > from;
  }
}
