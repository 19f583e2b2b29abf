package io.divvy.node.compare;

import io.divvy.node.compare.Comparison.Row;
import io.divvy.node.report.Figures;
import io.divvy.node.report.Table;
import java.util.OptionalDouble;

/** A comparison as an aligned table. */
public final class CompareTable {

  private CompareTable() {}

  /** The table, one row for each model. */
  public static Table of(Comparison comparison) {
    Table table = new Table("lrrrrrr");
    table.row(
        "model", "nodes", comparison.per().workers(), "seconds", "speedup", "efficiency", "memory");
    for (Row row : comparison.rows()) {
      table.row(
          row.model().word(),
          Integer.toString(row.nodes()),
          Integer.toString(row.workers()),
          Figures.decimal(row.seconds().median(), 3),
          figure(row.speedup(), 1, 2, ""),
          figure(row.efficiency(), 100, 0, " %"),
          Figures.megabytes(row.memoryBytes()));
    }
    return table;
  }

  private static String figure(OptionalDouble figure, double factor, int digits, String unit) {
    return figure.isPresent() ? Figures.decimal(figure.getAsDouble() * factor, digits) + unit : "-";
  }
}
