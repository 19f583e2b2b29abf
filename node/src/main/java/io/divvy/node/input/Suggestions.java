package io.divvy.node.input;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** What somebody may have meant who mistyped a word. */
public final class Suggestions {

  private Suggestions() {}

  /** The whole line about an unknown word: {@code unknown kind 'summ'; did you mean 'sum'? …}. */
  public static String unknown(String what, String word, Collection<String> known) {
    String meant = nearest(word, known).map(near -> "; did you mean '" + near + "'?").orElse(";");
    return "unknown " + what + " '" + word + "'" + meant + " known: " + String.join(", ", known);
  }

  /**
   * The candidate with the fewest slips from {@code word}, the first of several. A third of the
   * letters may be wrong, one in short words; a word cut short stands for the one it begins.
   */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    String typed = word.toLowerCase(Locale.ROOT);
    Optional<String> nearest = Optional.empty();
    int fewest = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      String meant = candidate.toLowerCase(Locale.ROOT);
      int slips = slips(typed, meant);
      int allowed = Math.max(1, Math.min(typed.length(), meant.length()) / 3);
      boolean begun = typed.length() >= 2 && meant.startsWith(typed);
      if ((slips <= allowed || begun) && slips < fewest) {
        nearest = Optional.of(candidate);
        fewest = slips;
      }
    }
    return nearest;
  }

  /**
   * How many letters must be added, left out, replaced, or swapped with their neighbour to get from
   * one word to the other (the Damerau-Levenshtein distance, no letter moved twice).
   */
  static int slips(String from, String to) {
    int[][] slips = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int other = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int fewest = Math.min(slips[i - 1][j], slips[i][j - 1]) + 1;
        fewest = Math.min(fewest, slips[i - 1][j - 1] + other);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          fewest = Math.min(fewest, slips[i - 2][j - 2] + 1);
        }
        slips[i][j] = fewest;
      }
    }
    return slips[from.length()][to.length()];
  }
}
