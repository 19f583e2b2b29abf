package io.divvy.node.download.fetch;

/** Who says when a fetch that was sent on to another host may connect to it. */
@FunctionalInterface
public interface Passage {

  /**
   * Waits until the host may be asked. The fetch has no connection to the one before any more, and
   * the time it waits here is not part of its own.
   *
   * @param host as {@link Origin#place} has it
   */
  void to(String host) throws InterruptedException;
}
