package io.divvy.coordinator.journal;

import io.divvy.protocol.Interval;

/** What a journal remembers of a run, in the order in which it happened. */
public sealed interface Entry {

  /**
   * A process begins to lead the run.
   *
   * @param atMillis the time of day, in milliseconds since 1970
   */
  record Begun(int epoch, long pid, long atMillis) implements Entry {}

  /**
   * The values of an interval were counted.
   *
   * @param payload what {@link io.divvy.protocol.Payload} reads
   * @param worker counts from 1 within the node
   */
  record Accepted(Interval interval, byte[] payload, String node, int worker) implements Entry {}

  /** An item has no value and never will. */
  record Failed(long index, String message, String stackTrace) implements Entry {}

  /** Nothing remains to be done. */
  record Finished(String status) implements Entry {}
}
