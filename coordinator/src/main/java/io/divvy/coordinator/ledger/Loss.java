package io.divvy.coordinator.ledger;

import io.divvy.protocol.Interval;
import java.util.List;

/**
 * What became of the items of an attempt that ended without all its results.
 *
 * @param queued what is handed out again
 * @param failed what is given up
 */
public record Loss(List<Interval> queued, List<Interval> failed) {

  static final Loss NOTHING = new Loss(List.of(), List.of());

  public Loss {
    queued = List.copyOf(queued);
    failed = List.copyOf(failed);
  }
}
