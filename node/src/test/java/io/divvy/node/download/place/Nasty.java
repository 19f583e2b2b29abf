package io.divvy.node.download.place;

import java.util.List;
import java.util.Random;

/** Texts that somebody might write who wants a file elsewhere. */
final class Nasty {
  private static final List<String> PIECES =
      List.of(
          "..",
          "/",
          "\\",
          ".",
          " ",
          "%2e",
          "%2F",
          "%5c",
          "%00",
          "%",
          "a",
          "A",
          "b",
          "index",
          "-2",
          ".jpg",
          ".JPG",
          ".tar.gz",
          ".divvy",
          "CON",
          "nul",
          "com1",
          "~",
          "-",
          "_",
          ":",
          "C:",
          "\u0000",
          "\n",
          "\u001b",
          "\u202e",
          "\u00e9",
          "e\u0301",
          "\u00df",
          "ss",
          "\u0130",
          "😀",
          "\ud800",
          "\u00a0",
          "\u3000",
          "?",
          "*",
          "\"",
          "|",
          "<",
          "x".repeat(199),
          "ä".repeat(120));

  private Nasty() {}

  static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
