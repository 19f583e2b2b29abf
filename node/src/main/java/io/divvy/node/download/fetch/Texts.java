package io.divvy.node.download.fetch;

/** How text that others wrote becomes fit for a terminal and a log. */
final class Texts {
  private static final int MOST = 200;

  private Texts() {}

  /** One line without control, escape and direction characters, and not long. */
  static String clean(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), MOST));
    for (int i = 0; i < text.length(); ) {
      if (line.length() >= MOST) {
        return line.append('…').toString();
      }
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      line.appendCodePoint(harmless(character) ? character : '?');
    }
    return line.toString();
  }

  private static boolean harmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
