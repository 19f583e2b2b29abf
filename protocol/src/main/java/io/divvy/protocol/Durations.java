package io.divvy.protocol;

/**
 * Where the time of one slot went between the end of the previous piece of work (or the grant) and
 * the end of this one, in nanoseconds by the node's own monotonic clock. All but {@code queued} add
 * up to that time: {@code queued} ran beside other work.
 *
 * @param queued how long the chunk waited in the worker behind others
 * @param idle the slot had nothing to do
 * @param computed the function ran on a core
 * @param waited the function was blocked: asleep, or waiting for input
 * @param stolen the function could have run, but the machine gave the core to others
 * @param gc the JVM collected garbage
 * @param encoded results were turned into bytes
 * @param blocked results were ready, but too many were not yet acknowledged
 */
public record Durations(
    long queued,
    long idle,
    long computed,
    long waited,
    long stolen,
    long gc,
    long encoded,
    long blocked) {

  public static final Durations ZERO = new Durations(0, 0, 0, 0, 0, 0, 0, 0);

  /** How long the slot's clock ran over this: the sum of all but {@code queued}. */
  public long span() {
    return idle + computed + waited + stolen + gc + encoded + blocked;
  }

  /** How long the function held the slot: computing, blocked, or kept from its core. */
  public long busy() {
    return computed + waited + stolen + gc;
  }

  /** Both together. */
  public Durations plus(Durations other) {
    return new Durations(
        queued + other.queued,
        idle + other.idle,
        computed + other.computed,
        waited + other.waited,
        stolen + other.stolen,
        gc + other.gc,
        encoded + other.encoded,
        blocked + other.blocked);
  }
}
