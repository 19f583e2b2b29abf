package io.divvy.node.report;

import java.util.Locale;

/** How numbers are written for people. */
public final class Figures {

  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final double YEAR = 365.25 * DAY;

  private Figures() {}

  /** A measured time: enough digits to compare, no more. */
  public static String seconds(double seconds) {
    return decimal(seconds, seconds < 0.1 ? 4 : seconds < 1 ? 3 : seconds < 100 ? 2 : 1) + " s";
  }

  /** A time to wait, in the units people use for one of its length. */
  public static String duration(double seconds) {
    long whole = (long) Math.min(Math.ceil(seconds), Long.MAX_VALUE);
    if (whole < MINUTE) {
      return whole + " s";
    }
    if (whole < HOUR) {
      return whole / MINUTE + " min " + whole % MINUTE + " s";
    }
    if (whole < DAY) {
      return whole / HOUR + " h " + whole % HOUR / MINUTE + " min";
    }
    if (seconds < YEAR) {
      return whole / DAY + " d " + whole % DAY / HOUR + " h";
    }
    return compact(seconds / YEAR) + " years";
  }

  /**
   * A count in at most three digits and a prefix: {@code 412M}. Rounded down, so that what is not
   * complete never looks complete.
   */
  public static String compact(double count) {
    double rest = count;
    int prefix = 0;
    while (rest >= 1000 && prefix < PREFIXES.length - 1) {
      rest /= 1000;
      prefix++;
    }
    int digits = prefix == 0 && rest == Math.rint(rest) ? 0 : rest < 10 ? 2 : rest < 100 ? 1 : 0;
    double unit = Math.pow(10, digits);
    String text = decimal(Math.floor(rest * unit + 1e-9) / unit, digits);
    return (digits > 0 ? text.replaceFirst("\\.?0+$", "") : text) + PREFIXES[prefix];
  }

  /** A part of a whole in percent with one decimal, rounded down: 100.0 means all of it. */
  public static String percent(long part, long whole) {
    double percent = whole == 0 ? 100 : 100.0 * part / whole;
    double floor = Math.floor(percent * 10) / 10;
    return decimal(part < whole ? Math.min(floor, 99.9) : floor, 1) + "%";
  }

  /** An amount of memory. */
  public static String megabytes(long bytes) {
    if (bytes >= 10_000_000_000L) {
      return decimal(bytes / 1e9, 1) + " GB";
    }
    return bytes < 0 ? "-" : Math.round(bytes / 1e6) + " MB";
  }

  /** {@code count} of the thing: {@code 1 node}, {@code 2 nodes}. */
  public static String counted(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  /** A number with that many digits after the point. */
  public static String decimal(double number, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", number);
  }
}
