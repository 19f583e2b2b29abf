package io.divvy.job;

/**
 * A kind of job over a range of whole numbers: a public record, its components the parameters.
 *
 * <p>A component may be an {@code int}, {@code long}, {@code double}, {@code boolean}, {@link
 * String} or an enum. The compact constructor checks the values and throws {@link
 * IllegalArgumentException} with a message that names the parameter, what it got and what is
 * allowed. A public constructor without arguments states the defaults.
 */
public sealed interface JobKind permits MapKind, ReduceKind {

  /** The word for this kind on the command line: lower case letters, digits and dashes. */
  String name();

  /** One line that says what is computed, for {@code divvy kinds}. */
  String summary();
}
