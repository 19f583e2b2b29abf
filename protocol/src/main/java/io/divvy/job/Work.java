package io.divvy.job;

/** What a computation may ask while it runs. */
public interface Work {

  /**
   * Whether the result is no longer wanted. A function that runs for long may look now and then and
   * throw {@link java.util.concurrent.CancellationException}; its thread is interrupted as well.
   */
  boolean cancelled();
}
