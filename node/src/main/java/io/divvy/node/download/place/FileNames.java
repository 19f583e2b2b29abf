package io.divvy.node.download.place;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What any text becomes as the name of one file: one that every system can keep, that leads nowhere
 * else, and that shows as what it is.
 */
final class FileNames {

  /** File systems take 255 bytes; the rest is for numbers and for what others append. */
  static final int MAX_BYTES = 200;

  private static final String SEPARATORS_AND_PATTERNS = "/\\<>:\"|?*";
  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;
  // The names of devices on Windows, whatever follows a dot.
  private static final Pattern RESERVED =
      Pattern.compile(
          "(?:con|prn|aux|nul|conin\\$|conout\\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\\s*(?:\\..*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern EXTENSION =
      Pattern.compile("(?:\\.tar)?\\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,10}$");

  private FileNames() {}

  /** The name; empty when nothing of the text is left. */
  static String clean(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFC)
        .codePoints()
        .map(point -> harmless(point) ? point : '_')
        .forEach(kept::appendCodePoint);
    // A leading dot hides a file, a trailing one is lost on Windows; so are blanks.
    String name = shortened(trimmed(kept.toString()));
    // A name that looks like an option to the next command.
    if (name.startsWith("-") || RESERVED.matcher(name).matches()) {
      name = shortened("_" + name);
    }
    return name;
  }

  /** Stem and suffix, the stem cut so that there is room for an extension of that many bytes. */
  static String fitted(String stem, String suffix, int extension) {
    return trimmed(cut(stem, MAX_BYTES - bytes(suffix) - extension)) + suffix;
  }

  private static String shortened(String name) {
    String extension = extension(name);
    return fitted(stem(name, extension), "", extension.length()) + extension;
  }

  /** As much of the text as that many bytes hold, no character halved. */
  static String cut(String text, int bytes) {
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      used += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (used > bytes) {
        return text.substring(0, i);
      }
      i += Character.charCount(point);
    }
    return text;
  }

  /** The extension with its dot, {@code .tar.gz} as one; empty when there is none. */
  static String extension(String name) {
    Matcher extension = EXTENSION.matcher(name);
    return extension.find() && extension.start() > 0 ? extension.group() : "";
  }

  /** What stands before the extension. */
  static String stem(String name, String extension) {
    return name.substring(0, name.length() - extension.length());
  }

  /** In what two names are equal that one file system or another takes for the same. */
  static String folded(String name) {
    String folded =
        Normalizer.normalize(name, Normalizer.Form.NFD)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFC);
  }

  private static boolean harmless(int point) {
    if (SEPARATORS_AND_PATTERNS.indexOf(point) >= 0) {
      return false;
    }
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      // What turns the direction of writing is among them, and what nobody sees. Two of them
      // belong to words and signs.
      case Character.FORMAT -> point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER;
      default -> true;
    };
  }

  private static String trimmed(String name) {
    int start = 0;
    int end = name.length();
    while (start < end && isDotOrBlank(name.charAt(start))) {
      start++;
    }
    while (end > start && isDotOrBlank(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(start, end);
  }

  private static boolean isDotOrBlank(char c) {
    return c == '.' || Character.isSpaceChar(c) || Character.isWhitespace(c);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
