package io.divvy.node.report;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.divvy.coordinator.merge.Merge;
import io.divvy.job.Numbers;
import io.divvy.protocol.Payload;
import org.jspecify.annotations.Nullable;

/** How an item, or the value of a reduction, is written on one line. */
public enum ItemLines {
  /** For people: the display line where the kind has one, else the value line. */
  DISPLAY,
  /** The value line. */
  VALUES,
  /** A JSON object: item, value, node and seconds. */
  JSONL;

  /** The item at {@code index}. In JSON {@code item} is the number of the input, not its index. */
  String item(Numbers numbers, long index, Payload.Item item, Merge.Origin origin) {
    String line = item.line() == null ? "" : item.line();
    if (this == DISPLAY) {
      return item.displayLine() == null ? line : item.displayLine();
    }
    if (this == VALUES) {
      return line;
    }
    // Put together by hand: a value may have thousands of digits, and there are many.
    StringBuilder json = new StringBuilder(line.length() + 64);
    json.append("{\"item\":").append(number(numbers.at(index))).append(",\"value\":\"");
    JsonStringEncoder.getInstance().quoteAsString(line, json);
    json.append("\",\"node\":\"");
    JsonStringEncoder.getInstance().quoteAsString(origin.node(), json);
    return json.append("\",\"seconds\":")
        .append(Figures.decimal(item.nanos() / 1e9, 6))
        .append('}')
        .toString();
  }

  /** The item at {@code index}, which has no value. */
  String failed(Numbers numbers, long index) {
    return this == JSONL
        ? "{\"item\":" + number(numbers.at(index)) + ",\"failed\":true}"
        : "!failed " + index;
  }

  /** The items from {@code from} to before {@code to}, which were not computed. */
  String missing(Numbers numbers, long from, long to) {
    return this == JSONL
        ? "{\"from\":"
            + number(numbers.at(from))
            + ",\"to\":"
            + number(numbers.at(to - 1))
            + ",\"missing\":"
            + number(to - from)
            + "}"
        : "!missing " + from + ".." + to;
  }

  /** The value of a reduction. */
  public String reduction(@Nullable String line) {
    return this == JSONL ? new Json().put("value", line).line() : line == null ? "" : line;
  }

  private static String number(long number) {
    return Json.whole(number) instanceof String text ? '"' + text + '"' : Long.toString(number);
  }
}
