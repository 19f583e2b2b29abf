package io.divvy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Reads values under {@code divvy}. One that cannot be read becomes a problem, and its default is
 * used meanwhile, so that the other problems come to light too.
 */
final class Reader {
  private final Config given;
  private final Config defaults;
  private final List<String> problems = new ArrayList<>();

  Reader(Config given, Config defaults) {
    this.given = given;
    this.defaults = defaults;
  }

  List<String> problems() {
    return problems;
  }

  Duration duration(String key) {
    return read(
        "divvy." + key,
        (config, path) -> {
          requireUnit(config, path);
          return config.getDuration(path);
        },
        "a duration with its unit, such as 500ms or 5s");
  }

  long bytes(String key) {
    return read(
        "divvy." + key,
        (config, path) -> {
          requireUnit(config, path);
          return config.getBytes(path);
        },
        "a size with its unit, such as 128 KiB or 64 MiB");
  }

  int intBytes(String key) {
    return (int) Math.min(Integer.MAX_VALUE, bytes(key));
  }

  int integer(String key) {
    return read("divvy." + key, Config::getInt, "a whole number");
  }

  String text(String key) {
    return read("divvy." + key, Config::getString, "a text");
  }

  private <T> T read(String path, BiFunction<Config, String, T> as, String allowed) {
    try {
      return as.apply(given, path);
    } catch (ConfigException e) {
      problems.add(path + " is " + got(path) + "; allowed: " + allowed);
      return as.apply(defaults, path);
    }
  }

  /** A number alone would be taken for milliseconds or bytes, which is rarely what was meant. */
  private static void requireUnit(Config config, String path) {
    String text = config.getString(path).strip();
    if (!text.equals("0") && text.chars().allMatch(c -> Character.isDigit(c) || c == '.')) {
      throw new ConfigException.BadValue(path, "no unit");
    }
  }

  private String got(String path) {
    try {
      ConfigValue value = given.getValue(path);
      String shown =
          value.valueType() == ConfigValueType.STRING
              ? "'" + value.unwrapped() + "'"
              : value.valueType() == ConfigValueType.OBJECT
                  ? "a group"
                  : value.valueType() == ConfigValueType.LIST
                      ? "a list"
                      : String.valueOf(value.unwrapped());
      return shown + " (" + value.origin().description() + ")";
    } catch (ConfigException.Null e) {
      return "null";
    } catch (ConfigException e) {
      return "missing";
    }
  }
}
