package io.divvy.node.report;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in aligned columns. */
public final class Table {

  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] rightAligned;

  /** A table whose columns are as the letters say: {@code l} for left, {@code r} for right. */
  public Table(String alignment) {
    rightAligned = new boolean[alignment.length()];
    for (int column = 0; column < rightAligned.length; column++) {
      rightAligned[column] = alignment.charAt(column) == 'r';
    }
  }

  /** Adds a row, of as many cells as there are columns. */
  public Table row(String... cells) {
    if (cells.length != rightAligned.length) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells in a table of " + rightAligned.length + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The rows as lines, without blanks at their ends. */
  public List<String> lines() {
    int[] widths = new int[rightAligned.length];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String blanks = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? "" : GAP);
      line.append(rightAligned[column] ? blanks + cell : cell + blanks);
    }
    return line.toString().stripTrailing();
  }
}
