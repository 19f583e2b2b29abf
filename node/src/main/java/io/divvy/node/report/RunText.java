package io.divvy.node.report;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.ItemFailure;
import io.divvy.job.Numbers;
import io.divvy.protocol.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said of a run at its end, on stderr. */
public final class RunText {

  /** More failures than this are counted only, unless all are asked for. */
  private static final int FAILURES_SHOWN = 20;

  /** The same for stretches that remain. */
  private static final int INTERVALS_SHOWN = 8;

  private RunText() {}

  /** The failed items, and how it ended. */
  public static List<String> ending(RunReport report, Telling.Detail detail) {
    List<String> lines = new ArrayList<>(failures(report, detail == Telling.Detail.VERBOSE));
    RunOutcome outcome = report.outcome();
    if (outcome.status() != RunOutcome.Status.DONE) {
      lines.add(unfinished(outcome));
      remaining(report).ifPresent(lines::add);
    }
    if (detail != Telling.Detail.QUIET) {
      lines.add(figures(outcome, report.journal().resumed()));
    }
    return lines;
  }

  private static String unfinished(RunOutcome outcome) {
    String text =
        outcome.status().word()
            + ": "
            + outcome.done()
            + " of "
            + outcome.items()
            + " items done, "
            + outcome.failed()
            + " failed, "
            + outcome.remaining()
            + " remain";
    if (outcome.problem() != null) {
      text += "; " + outcome.problem();
    }
    return outcome.result() == null || outcome.done() == 0
        ? text
        : text + "; the result of those done: " + outcome.result();
  }

  private static Optional<String> remaining(RunReport report) {
    List<Interval> open = report.outcome().open();
    if (open.isEmpty()) {
      return Optional.empty();
    }
    String kind = report.plan().spec().kind();
    Numbers numbers = report.plan().spec().numbers();
    String shown =
        open.stream()
            .limit(INTERVALS_SHOWN)
            .map(interval -> Stretch.of(numbers, interval))
            .collect(Collectors.joining(", "));
    int more = open.size() - INTERVALS_SHOWN;
    return Optional.of(
        "remaining: " + kind + " " + shown + (more > 0 ? " and " + more + " more" : ""));
  }

  /** Loud lines: two computations of the same items gave two answers. */
  public static List<String> differing(RunReport report) {
    RunOutcome.Verified verified = report.outcome().verified();
    if (verified == null || verified.differing().isEmpty()) {
      return List.of();
    }
    String where =
        verified.differing().stream()
            .limit(INTERVALS_SHOWN)
            .map(interval -> Stretch.of(report.plan().spec().numbers(), interval))
            .collect(Collectors.joining(", "));
    return List.of(
        "divvy: A SECOND COMPUTATION GAVE ANOTHER ANSWER for "
            + report.plan().spec().kind()
            + " "
            + where
            + (verified.differing().size() > INTERVALS_SHOWN ? " and more" : "")
            + "; do not trust this result");
  }

  /** Whether every item was counted, and what else was done for that. */
  private static String coverage(RunOutcome outcome) {
    List<String> words = new ArrayList<>();
    words.add(outcome.remaining() > 0 ? "no item counted twice" : "each counted once");
    if (outcome.retried() > 0) {
      words.add(Figures.counted(outcome.retried(), "chunk") + " handed out again");
    }
    if (outcome.duplicates() > 0) {
      words.add(Figures.counted(outcome.duplicates(), "duplicate") + " dropped");
    }
    RunOutcome.Verified verified = outcome.verified();
    if (verified != null) {
      words.add(Figures.counted(verified.items(), "item") + " verified");
    }
    return String.join(", ", words);
  }

  private static String figures(RunOutcome outcome, long resumed) {
    long counted = outcome.done() + outcome.failed() - resumed;
    return counted
        + (counted == 1 ? " item in " : " items in ")
        + Figures.seconds(outcome.seconds())
        + "; "
        + Figures.counted(outcome.nodes().size(), "node")
        + ", "
        + Figures.counted(outcome.workers(), "worker")
        + (outcome.seconds() > 0
            ? "; " + Figures.compact(counted / outcome.seconds()) + " items/s"
            : "")
        + (resumed > 0 ? "; " + Figures.counted(resumed, "item") + " from the journal" : "")
        + "; "
        + coverage(outcome);
  }

  private static List<String> failures(RunReport report, boolean verbose) {
    List<ItemFailure> failures = report.outcome().failures();
    Numbers numbers = report.plan().spec().numbers();
    List<String> lines = new ArrayList<>();
    int shown = verbose ? failures.size() : Math.min(failures.size(), FAILURES_SHOWN);
    for (ItemFailure failure : failures.subList(0, shown)) {
      lines.add(
          "failed: "
              + report.plan().spec().kind()
              + " "
              + numbers.at(failure.index())
              + " (index "
              + failure.index()
              + "): "
              + failure.message().lines().findFirst().orElse(""));
      if (verbose && !failure.stackTrace().isBlank()) {
        failure.stackTrace().lines().forEach(line -> lines.add("    " + line.strip()));
      }
    }
    if (shown < failures.size()) {
      lines.add("failed: " + (failures.size() - shown) + " more; --json lists them all");
    }
    return lines;
  }
}
