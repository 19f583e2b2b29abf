package io.divvy.node.kinds;

import java.util.List;

/**
 * A kind, for people and for {@code divvy kinds --json}.
 *
 * @param name its word on the command line
 * @param summary one line that says what it computes
 * @param shape {@code map} (one value per item) or {@code reduce} (one value for all)
 * @param parameters its parameters, in the order of the record's components
 */
public record KindDescription(
    String name, String summary, String shape, List<ParameterDescription> parameters) {

  public KindDescription {
    parameters = List.copyOf(parameters);
  }

  /**
   * A parameter.
   *
   * @param type {@code int}, {@code long}, {@code double}, {@code boolean}, {@code text}, or the
   *     words of an enum with bars between
   * @param defaultValue as text, as the command line reads it
   * @param meaning one line; empty when the kind does not say
   */
  public record ParameterDescription(
      String name, String type, String defaultValue, String meaning) {}
}
