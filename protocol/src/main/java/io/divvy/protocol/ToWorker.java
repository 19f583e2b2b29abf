package io.divvy.protocol;

import java.util.List;

/**
 * What a worker hears from the coordinator of the run that holds its slot. A grant is one stay of a
 * run on a slot; messages of another grant change nothing.
 */
public sealed interface ToWorker extends WireMessage {

  RunKey run();

  long grant();

  /**
   * Compute these chunks, after those you already have.
   *
   * @param safe all results up to this number are safe, as {@link Acknowledge} has it
   */
  record Assign(RunKey run, long grant, long safe, List<Chunk> chunks) implements ToWorker {
    public Assign {
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * Stop this attempt early: keep about {@code keep} of what is left of it. Answered by {@code
   * Stopping}, also when nothing can be given.
   *
   * @param keep the share of the unstarted items to keep, from 0 to 1
   * @param end where the attempt ends as far as the coordinator knows; one that already ends before
   *     was cut since and is not cut again
   */
  record StopEarly(RunKey run, long grant, long attempt, double keep, long end)
      implements ToWorker {}

  /** All results up to this number are safe; forget them. */
  record Acknowledge(RunKey run, long grant, long sequence) implements ToWorker {}

  /** There is nothing more for this slot: finish what you have, then give the slot back. */
  record Release(RunKey run, long grant) implements ToWorker {}
}
