package io.divvy.node.kinds;

import io.divvy.node.input.Suggestions;
import io.divvy.node.input.UsageException;
import io.divvy.node.input.WholeNumber;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The types a parameter may have, and how their values are written. */
final class ParameterType {
  static final String ALLOWED = "int, long, double, boolean, String or an enum";

  // Java's own reader also takes 0x1p3, 1d and blanks.
  private static final Pattern DOUBLE =
      Pattern.compile(
          "NaN|[+-]?(?:Infinity|(?:[0-9][0-9_]*(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)");

  private ParameterType() {}

  static boolean isAllowed(Class<?> type) {
    return List.of(int.class, long.class, double.class, boolean.class, String.class).contains(type)
        || type.isEnum();
  }

  /** The type, for people. */
  static String name(Class<?> type) {
    if (type.isEnum()) {
      return String.join("|", words(type));
    }
    return type == String.class ? "text" : type.getName();
  }

  /** The value as text that {@link #read} turns into the same value. */
  static String write(Object value) {
    return value instanceof Enum<?> constant ? word(constant) : value.toString();
  }

  /** The value of the parameter {@code name} that {@code text} denotes. */
  static Object read(String name, Class<?> type, String text) throws UsageException {
    if (type == String.class) {
      return text;
    }
    if (type == boolean.class) {
      return readBoolean(name, text);
    }
    if (type == double.class) {
      return readDouble(name, text);
    }
    if (type == int.class) {
      return (int) readWhole(name, text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (type == long.class) {
      return readWhole(name, text, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    return readEnum(name, type, text);
  }

  private static boolean readBoolean(String name, String text) throws UsageException {
    if (!text.equals("true") && !text.equals("false")) {
      throw new UsageException(name + " must be true or false, got '" + text + "'");
    }
    return text.equals("true");
  }

  private static double readDouble(String name, String text) throws UsageException {
    if (!DOUBLE.matcher(text).matches()) {
      throw new UsageException(name + " must be a number such as 0.5 or 1e-3, got '" + text + "'");
    }
    double value = Double.parseDouble(text.replace("_", ""));
    if (Double.isInfinite(value) && !text.endsWith("Infinity")) {
      throw new UsageException(name + " must be at most " + Double.MAX_VALUE + ", got " + text);
    }
    return value;
  }

  private static long readWhole(String name, String text, long min, long max)
      throws UsageException {
    try {
      long value = WholeNumber.parse(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(
          name + " must be " + WholeNumber.EXAMPLES + ", got '" + text + "'", e);
    } catch (ArithmeticException e) {
      // Too large for a long: the line below says so.
    }
    throw new UsageException(name + " must be from " + min + " to " + max + ", got " + text);
  }

  private static Object readEnum(String name, Class<?> type, String text) throws UsageException {
    List<String> words = words(type);
    int index = words.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      String meant =
          Suggestions.nearest(text, words).map(near -> "; did you mean '" + near + "'?").orElse("");
      throw new UsageException(
          name + " must be one of " + String.join(", ", words) + ", got '" + text + "'" + meant);
    }
    return type.getEnumConstants()[index];
  }

  private static List<String> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(value -> word((Enum<?>) value)).toList();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
