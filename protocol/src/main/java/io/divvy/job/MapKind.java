package io.divvy.job;

import java.util.Optional;

/**
 * A kind that computes one value for each number; the values keep the order of the input.
 *
 * @param <V> the type of a value
 */
public non-sealed interface MapKind<V> extends JobKind {

  /**
   * The value for {@code number}. Called from several threads at once, each with its own {@code
   * work}.
   *
   * @throws Exception when there is no value: the item has failed, the others go on
   */
  V apply(long number, Work work) throws Exception;

  /** How values become bytes and value lines. */
  Codec<V> codec();

  /** The line a person reads instead of the value line, if there is one. */
  default Optional<String> displayLine(long number, V value) {
    return Optional.empty();
  }
}
