package io.divvy.node.input;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole number as people write it: {@code 1000}, {@code 1_000}, {@code -5}, {@code 1.5e3}. */
public final class WholeNumber {

  /** For messages: what to write. */
  public static final String EXAMPLES = "a whole number such as 1000, 1_000 or 1e3";

  private static final Pattern FORM =
      Pattern.compile(
          "[+-]?[0-9]+(?:_[0-9]+)*(?<tail>(?:\\.[0-9]+)?(?:[eE]\\+?(?<power>[0-9]+))?)");

  // 1e19 is beyond a long, whatever stands before the e; so no larger power is worked out.
  private static final int MAX_POWER_DIGITS = 4;

  private WholeNumber() {}

  /**
   * The number that {@code text} denotes.
   *
   * @throws NumberFormatException when it denotes none, or one that is not whole
   * @throws ArithmeticException when it does not fit a {@code long}
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new NumberFormatException(text);
    }
    String digits = text.replace("_", "");
    if (form.group("tail").isEmpty()) {
      return new BigInteger(digits).longValueExact();
    }
    String power = form.group("power");
    if (power != null && power.length() > MAX_POWER_DIGITS) {
      throw new ArithmeticException(text);
    }
    BigDecimal number = new BigDecimal(digits);
    if (number.stripTrailingZeros().scale() > 0) {
      throw new NumberFormatException(text);
    }
    return number.longValueExact();
  }
}
