package io.divvy.node.cli;

import io.divvy.coordinator.Halt;
import io.divvy.node.input.UsageException;
import io.divvy.node.input.WholeNumber;
import io.divvy.node.member.Addresses;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of an option, turned into a value or into a complaint. */
final class OptionText {

  private static final Pattern HEAP = Pattern.compile("[1-9][0-9]*[kmg]?");

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}");

  private static final Pattern BYTES =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?([kmgtKMGT]?)(?:[iI]?[bB])?");
  private static final Pattern TIME =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?(ms|s|m|h|)");
  private static final Map<String, Long> TIME_UNITS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L);
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,9})?) ?%");
  private static final BigDecimal MOST_MILLIS = BigDecimal.valueOf(365L * 24 * 3_600_000);

  private OptionText() {}

  /** A whole number from {@code least} to {@code most}; empty when the option was not given. */
  static OptionalLong number(String option, @Nullable String text, long least, long most)
      throws UsageException {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      long number = WholeNumber.parse(text);
      if (number >= least && number <= most) {
        return OptionalLong.of(number);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // The complaint is the same.
    }
    throw new UsageException(
        option
            + " is '"
            + text
            + "'; give a whole number of at least "
            + least
            + (most < Long.MAX_VALUE ? " and at most " + most : ""));
  }

  /** An address to listen at that strangers do not reach, or that was allowed all the same. */
  static String host(String text, boolean insecure) throws UsageException {
    if (text.isBlank()) {
      throw new UsageException("--host is '" + text + "'; give an address of this machine");
    }
    if (!Addresses.isLoopback(text) && !insecure) {
      throw new UsageException(
          "--host "
              + text
              + " can be reached by other machines, and nothing protects it; leave it out, or add"
              + " --insecure on a network you trust");
    }
    Optional<String> wrong = Addresses.wrong(text);
    if (wrong.isPresent()) {
      throw new UsageException("--host: " + wrong.get());
    }
    return text;
  }

  /** What a node may be called: it stands in lines and in lists of names. */
  static String name(String text) throws UsageException {
    if (!NAME.matcher(text).matches()) {
      throw new UsageException(
          "--name is '"
              + text
              + "'; give 1 to 64 letters, digits, '.', '_' or '-', with a letter or digit first");
    }
    return text;
  }

  /** A number of bytes, such as 5000000, 200k, 1.5M or 2GiB; units are powers of 1024. */
  static OptionalLong bytes(String option, @Nullable String text) throws UsageException {
    if (text == null) {
      return OptionalLong.empty();
    }
    Matcher size = BYTES.matcher(text.strip());
    if (size.matches()) {
      String unit = size.group(2).toLowerCase(Locale.ROOT);
      int power = unit.isEmpty() ? 0 : "kmgt".indexOf(unit) + 1;
      BigDecimal bytes =
          new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
      // Less than one would be cut down to 0, which means no limit further down.
      if (bytes.compareTo(BigDecimal.ONE) >= 0
          && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0) {
        return OptionalLong.of(bytes.longValue());
      }
    }
    throw new UsageException(
        option + " is '" + text + "'; give a number of bytes such as 5000000, 200k or 1.5M");
  }

  /** The same where none at all is meant by 0. */
  static OptionalLong bytesOrNone(String option, @Nullable String text) throws UsageException {
    return text != null && text.strip().equals("0") ? OptionalLong.of(0) : bytes(option, text);
  }

  /** A time in seconds, such as 0.5, 30 or 2m; empty when the option was not given. */
  static Optional<Duration> time(String option, @Nullable String text, boolean mayBeZero)
      throws UsageException {
    if (text == null) {
      return Optional.empty();
    }
    Matcher time = TIME.matcher(text.strip());
    if (time.matches()) {
      long unit = TIME_UNITS.getOrDefault(time.group(2), 1000L);
      BigDecimal millis = new BigDecimal(time.group(1)).multiply(BigDecimal.valueOf(unit));
      // The network counts in milliseconds, and takes 0 of them for ever.
      if ((mayBeZero || millis.compareTo(BigDecimal.ONE) >= 0)
          && millis.compareTo(MOST_MILLIS) <= 0) {
        return Optional.of(Duration.ofNanos(millis.movePointRight(6).longValue()));
      }
    }
    throw new UsageException(
        option
            + " is '"
            + text
            + "'; give seconds such as 0.5 or 30, or 500ms, 2m, 1h"
            + (mayBeZero ? "" : ", at least 1ms"));
  }

  /** When a run is given up: never, first, a number of failed items, or a part of all items. */
  static Halt halt(String text) throws UsageException {
    if (text.equals("never")) {
      return Halt.Never.INSTANCE;
    }
    if (text.equals("first")) {
      return new Halt.Items(1);
    }
    Optional<BigDecimal> part = percent(text);
    if (part.isPresent()) {
      return new Halt.Percent(part.get());
    }
    try {
      long items = WholeNumber.parse(text);
      if (items >= 1) {
        return new Halt.Items(items);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // The complaint is the same.
    }
    throw new UsageException(
        "--halt is '"
            + text
            + "'; give never, first, a number of failed items such as 10, or a part of all items"
            + " such as 1%");
  }

  /** A share of all results, such as 1%; from 0 to 1. */
  static double share(String option, String text) throws UsageException {
    return percent(text)
        .or(() -> percent(text + "%"))
        .orElseThrow(
            () ->
                new UsageException(
                    option
                        + " is '"
                        + text
                        + "'; give a part such as 1%, above 0 and at most 100%"))
        .movePointLeft(2)
        .doubleValue();
  }

  /** A part above 0 and at most 100; empty when the text says something else. */
  private static Optional<BigDecimal> percent(String text) {
    Matcher percent = PERCENT.matcher(text);
    return percent.matches()
        ? Optional.of(new BigDecimal(percent.group(1)))
            .filter(part -> part.signum() > 0 && part.compareTo(BigDecimal.valueOf(100)) <= 0)
        : Optional.empty();
  }

  /** A heap size as {@code -Xmx} has it. */
  static String heap(String text) throws UsageException {
    String size = text.toLowerCase(Locale.ROOT);
    if (!HEAP.matcher(size).matches()) {
      throw new UsageException("--heap is '" + text + "'; give a size such as 256m or 2g");
    }
    return size;
  }
}
