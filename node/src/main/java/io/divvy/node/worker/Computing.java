package io.divvy.node.worker;

import io.divvy.protocol.Durations;
import java.util.function.BooleanSupplier;

/** Computes items of one job for somebody who waits for it. */
public interface Computing {

  /**
   * Computes the items [{@code from}, {@code to}); all results carry attempt 0.
   *
   * @param sink called on the thread that calls this
   * @param cancelled asked between items, or between slices of about a millisecond; true ends the
   *     computation without a further result. A thread that is to be woken from an item as well is
   *     interrupted after this became true: an earlier interrupt is taken for the function's own
   *     and cleared.
   */
  void run(long from, long to, Computation.Sink sink, BooleanSupplier cancelled)
      throws InterruptedException;

  /** Where the time went since the last result. */
  Durations rest();
}
