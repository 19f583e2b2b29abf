package io.divvy.node.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A JSON object in the making; the fields keep their order. */
public final class Json {

  /** Above this a reader that keeps numbers as doubles gets another one. */
  private static final long LARGEST_EXACT = 1L << 53;

  private static final ObjectWriter WRITER = new ObjectMapper().writer();

  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

  /** Adds text, a list, a map, another object, a truth value, or null. */
  public Json put(String name, @Nullable Object value) {
    fields.put(name, value instanceof Json json ? json.fields : value);
    return this;
  }

  /** Adds a whole number. */
  public Json put(String name, long number) {
    fields.put(name, whole(number));
    return this;
  }

  /** Adds a time in seconds, to the microsecond. */
  public Json seconds(String name, double seconds) {
    fields.put(name, rounded(seconds, 1e6));
    return this;
  }

  /** Adds a figure without a unit to four decimals, or null when there is none. */
  public Json ratio(String name, OptionalDouble ratio) {
    fields.put(name, ratio.isPresent() ? rounded(ratio.getAsDouble(), 1e4) : null);
    return this;
  }

  /** Adds an amount of bytes; null when it is not known, that is below 0. */
  public Json bytes(String name, long bytes) {
    fields.put(name, bytes < 0 ? null : whole(bytes));
    return this;
  }

  /** The fields so far. */
  public Map<String, @Nullable Object> fields() {
    return fields;
  }

  /** The object on one line. */
  public String line() {
    try {
      return WRITER.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + fields, e);
    }
  }

  /** The number, as text when a double could not hold it. */
  static Object whole(long number) {
    return Math.abs(number) > LARGEST_EXACT || number == Long.MIN_VALUE
        ? (Object) Long.toString(number)
        : (Object) number;
  }

  /** The number to that many parts of one; null when it is none, for JSON has no word for it. */
  static @Nullable Object rounded(double number, double parts) {
    return Double.isFinite(number) ? Math.round(number * parts) / parts : null;
  }
}
