package io.divvy.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What became of a stretch of a chunk: values, or the failure of a single item.
 *
 * <p>A payload too large for one message continues in the next result of the same attempt and
 * interval; only the one with {@code last} counts, and it carries the durations.
 *
 * @param attempt the hand-out it belongs to
 * @param from the first index it covers
 * @param to the index after the last it covers
 * @param end where the attempt now ends: below the chunk's end after it was stopped early, and
 *     equal to {@code to} when this is its last result
 * @param payload a part of what {@link Payload} reads; empty for a failure
 * @param last whether the payload is complete with this part
 * @param failure why the item has no value, or null
 * @param durations where the time went
 */
public record Result(
    long attempt,
    long from,
    long to,
    long end,
    byte[] payload,
    boolean last,
    @Nullable Failure failure,
    Durations durations) {

  /**
   * Why an item has no value.
   *
   * @param message one line
   * @param stackTrace where it happened, on the node
   */
  public record Failure(String message, String stackTrace) {}

  public Interval interval() {
    return new Interval(from, to);
  }
}
