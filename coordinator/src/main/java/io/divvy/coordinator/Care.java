package io.divvy.coordinator;

/**
 * What a run does about items that go wrong.
 *
 * @param retries how often a failed item is tried again, at least 0
 * @param halt how many may fail before the run is given up
 */
public record Care(int retries, Halt halt) {

  /** A run that tries failed items again so often, and goes on however many fail. */
  public static Care ofRetries(int retries) {
    return new Care(retries, Halt.Never.INSTANCE);
  }
}
