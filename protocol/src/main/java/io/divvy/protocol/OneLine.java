package io.divvy.protocol;

/** Words from another JVM that a person will read: one line, not long, and no tricks with it. */
public final class OneLine {

  /** The most characters of a line. */
  public static final int MOST = 200;

  private OneLine() {}

  /** The same words; control, escape and direction characters are question marks. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints().limit(MOST).map(OneLine::harmless).forEach(line::appendCodePoint);
    return text.codePointCount(0, text.length()) > MOST ? line + "..." : line.toString();
  }

  private static int harmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '?';
      default -> character;
    };
  }
}
