package io.divvy.job;

/**
 * A kind that folds all numbers into one value.
 *
 * <p>An {@linkplain #exact() exact} kind may be folded in any grouping. One that is not (floating
 * point) is computed block by block, and the blocks are combined by a binary tree over the block
 * index, so that every model gives the same bits.
 *
 * @param <V> the type of the value; values are not changed after they were returned
 */
public non-sealed interface ReduceKind<V> extends JobKind {

  /** The value of no items at all. */
  V identity();

  /**
   * The value of {@code numbers}. Called from several threads at once, each with its own {@code
   * work}.
   *
   * @throws Exception when there is no value
   */
  V reduce(Numbers numbers, Work work) throws Exception;

  /** The value of two neighbouring stretches together; {@code left} comes first. */
  V combine(V left, V right);

  /** How the value becomes bytes and a value line, and bytes the value. */
  Codec<V> codec();

  /** Whether grouping never changes the value, bit for bit. */
  default boolean exact() {
    return true;
  }

  /** How many items are never cut apart, at least 1. Cuts fall on multiples of it. */
  default long block() {
    return 1;
  }
}
