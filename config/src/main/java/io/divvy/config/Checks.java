package io.divvy.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The problems of one group of settings, collected so that all are told at once. */
final class Checks {
  private final String group;
  private final List<String> lines = new ArrayList<>();

  Checks(String group) {
    this.group = group;
  }

  /** {@code value} is at least {@code least}. */
  Checks atLeast(String key, Duration value, Duration least) {
    return holds(
        value.compareTo(least) >= 0, key, Units.text(value), "at least " + Units.text(least));
  }

  /** {@code value} is at most {@code most}, the value of the key {@code mostKey}. */
  Checks atMost(String key, Duration value, String mostKey, Duration most) {
    return holds(
        value.compareTo(most) <= 0,
        key,
        Units.text(value),
        "at most " + group + "." + mostKey + ", which is " + Units.text(most));
  }

  /** {@code value} is more than twice {@code half}, the value of the key {@code halfKey}. */
  Checks moreThanTwice(String key, Duration value, String halfKey, Duration half) {
    return holds(
        value.compareTo(half.multipliedBy(2)) > 0,
        key,
        Units.text(value),
        "more than twice " + group + "." + halfKey + ", which is " + Units.text(half));
  }

  /** {@code bytes} lies between {@code least} and {@code most}, both allowed. */
  Checks bytesBetween(String key, long bytes, long least, long most) {
    return holds(
        bytes >= least && bytes <= most,
        key,
        Units.text(bytes),
        Units.text(least) + " to " + Units.text(most));
  }

  Checks holds(boolean condition, String key, String got, String allowed) {
    if (!condition) {
      lines.add(group + "." + key + " is " + got + "; allowed: " + allowed);
    }
    return this;
  }

  /** Throws when any of it does not hold. */
  void done() {
    if (!lines.isEmpty()) {
      throw new SettingsException(lines);
    }
  }
}
