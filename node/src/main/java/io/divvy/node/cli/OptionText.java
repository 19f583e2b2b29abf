package io.divvy.node.cli;

import io.divvy.node.input.UsageException;
import io.divvy.node.input.WholeNumber;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of an option, turned into a value or into a complaint. */
final class OptionText {

  private static final Pattern HEAP = Pattern.compile("[1-9][0-9]*[kmg]?");

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}");

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
    try {
      boolean loopback =
          Arrays.stream(InetAddress.getAllByName(text)).allMatch(InetAddress::isLoopbackAddress);
      if (loopback || insecure) {
        return text;
      }
    } catch (UnknownHostException e) {
      throw new UsageException(
          "--host is '" + text + "', which is no address here; leave it out", e);
    }
    throw new UsageException(
        "--host "
            + text
            + " can be reached by other machines, and nothing protects it; leave it out, or add"
            + " --insecure on a network you trust");
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

  /** A heap size as {@code -Xmx} has it. */
  static String heap(String text) throws UsageException {
    String size = text.toLowerCase(Locale.ROOT);
    if (!HEAP.matcher(size).matches()) {
      throw new UsageException("--heap is '" + text + "'; give a size such as 256m or 2g");
    }
    return size;
  }
}
