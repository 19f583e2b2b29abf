package io.divvy.node.compare;

import io.divvy.node.compare.Comparison.Row;
import io.divvy.node.model.Model;
import io.divvy.node.report.Figures;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** A comparison in one plain sentence. */
public final class Verdict {

  /** Runs that differ by less count as equally fast: repeating them differs by as much. */
  private static final double EQUAL = 1.03;

  /** Of a job that takes one thread longer, others could have had enough. */
  private static final double SHORT = 1;

  private Verdict() {}

  /** The sentence. */
  public static String of(Comparison comparison) {
    List<Row> rows = comparison.rows();
    if (rows.isEmpty()) {
      return "Nothing was measured.";
    }
    if (!comparison.identical()) {
      return "THE "
          + comparison.per().results()
          + " DIFFER, so the times mean nothing: "
          + rows.stream()
              .map(row -> row.model().word() + " " + row.digest())
              .collect(Collectors.joining(", "))
          + ".";
    }
    if (rows.size() == 1) {
      return "Only " + rows.get(0).model().word() + " was measured: " + median(rows.get(0)) + ".";
    }
    Row fastest = least(rows, row -> row.seconds().median());
    return (fastest.model() == Model.SEQUENTIAL
            ? oneThread(comparison, fastest)
            : shared(comparison, fastest))
        + ".";
  }

  private static String oneThread(Comparison comparison, Row sequential) {
    Row next =
        least(
            comparison.rows().stream().filter(row -> !row.equals(sequential)).toList(),
            row -> row.seconds().median());
    return "One plain thread was fastest, with "
        + median(sequential)
        + "; the next, "
        + next.model().word()
        + ", took "
        + median(next)
        + (next.width() == 1
            ? ": there is one " + comparison.per().word() + " to use"
            : sequential.seconds().median() < SHORT
                ? ": this job is too short to be worth sharing out"
                : ": nothing is gained here by sharing it out");
  }

  private static String shared(Comparison comparison, Row fastest) {
    List<Row> rows = comparison.rows();
    StringBuilder text = new StringBuilder(fastest.model().word()).append(" was fastest");
    fastest
        .speedup()
        .ifPresentOrElse(
            speedup ->
                text.append(", ")
                    .append(Figures.decimal(speedup, 2))
                    .append(" times as fast as one thread on ")
                    .append(Figures.counted(fastest.width(), comparison.per().word()))
                    .append(" (")
                    .append(sequential(rows).map(Verdict::median).orElse("?"))
                    .append(" to ")
                    .append(median(fastest))
                    .append(")"),
            () -> text.append(", with ").append(median(fastest)));
    String level =
        rows.stream()
            .filter(row -> !row.equals(fastest))
            .filter(row -> row.seconds().median() <= fastest.seconds().median() * EQUAL)
            .map(row -> row.model().word())
            .collect(Collectors.joining(" and "));
    if (!level.isEmpty()) {
      text.append(", hardly ahead of ").append(level);
    }
    Row cheapest = least(rows, Row::totalSeconds);
    if (!cheapest.equals(fastest)) {
      text.append("; with starting and stopping it took ")
          .append(Figures.seconds(fastest.totalSeconds()))
          .append(
              cheapest.model() == Model.SEQUENTIAL
                  ? ", and one plain thread would have been done sooner, in "
                  : ", and " + cheapest.model().word() + " was done sooner, in ")
          .append(Figures.seconds(cheapest.totalSeconds()));
    } else {
      slowStart(rows, fastest).ifPresent(text::append);
    }
    return text.toString();
  }

  /** Which model lost most by starting its nodes, when that is what it lost. */
  private static Optional<String> slowStart(List<Row> rows, Row fastest) {
    return rows.stream()
        .filter(row -> row.model() != Model.SEQUENTIAL && !row.equals(fastest))
        .filter(row -> overhead(row) > 0.1 * row.seconds().median())
        .max(Comparator.comparingDouble(Verdict::overhead))
        .map(
            row ->
                "; "
                    + row.model().word()
                    + " needed "
                    + Figures.seconds(overhead(row))
                    + " more to start and stop its nodes");
  }

  private static double overhead(Row row) {
    return row.totalSeconds() - row.seconds().median();
  }

  private static Optional<Row> sequential(List<Row> rows) {
    return rows.stream().filter(row -> row.model() == Model.SEQUENTIAL).findFirst();
  }

  private static Row least(List<Row> rows, ToDoubleFunction<Row> figure) {
    return rows.stream().min(Comparator.comparingDouble(figure)).orElseThrow();
  }

  private static String median(Row row) {
    return Figures.seconds(row.seconds().median());
  }
}
