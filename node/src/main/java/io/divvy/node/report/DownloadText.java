package io.divvy.node.report;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.event.JobEvent.Downloading;
import io.divvy.coordinator.event.JobEvent.Transferring;
import io.divvy.node.download.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is said of a download on stderr, while it lasts and at its end. */
public final class DownloadText {

  /** More failures than this are counted only, unless all are asked for. */
  private static final int FAILURES_SHOWN = 20;

  private static final int URL_SHOWN = 50;

  private DownloadText() {}

  /** How far it is, in one line. */
  static String progress(Downloading state) {
    long ended = state.done() + state.failed();
    String files =
        "files "
            + ended
            + " of "
            + (state.listRead() ? Long.toString(state.read()) : state.read() + " or more");
    return files
        + (state.failed() > 0 ? ", " + state.failed() + " failed" : "")
        + ", "
        + bytes(state.bytes())
        + ", "
        + bytes((long) state.bytesPerSecond())
        + "/s"
        + (state.secondsLeft() >= 0 && state.listRead()
            ? ", ETA " + Figures.duration(state.secondsLeft())
            : "")
        + ", "
        + Figures.counted(state.nodes(), "node")
        + ", "
        + Figures.counted(state.transfers(), "connection");
  }

  /** The same for a terminal, with the transfer that has been under way longest. */
  static String bar(Downloading state) {
    String line = progress(state);
    if (state.slowest().isEmpty()) {
      return line;
    }
    Transferring slowest = state.slowest().get(0);
    return line
        + "; slowest: "
        + shortened(slowest.url())
        + " "
        + bytes(slowest.bytes())
        + (slowest.length() > 0 ? " of " + bytes(slowest.length()) : "")
        + " in "
        + Figures.duration(slowest.seconds());
  }

  /** The failures by cause, and how it ended. */
  public static List<String> ending(DownloadReport report, Telling.Detail detail) {
    List<String> lines = new ArrayList<>();
    DownloadOutcome outcome = report.outcome();
    List<Failure> failures = report.failures();
    int shown =
        detail == Telling.Detail.VERBOSE
            ? failures.size()
            : Math.min(failures.size(), FAILURES_SHOWN);
    for (Failure failure : failures.subList(0, shown)) {
      lines.add("failed: line " + failure.line() + ": " + failure.url() + ": " + failure.text());
    }
    if (outcome.failed() > shown) {
      lines.add("and " + (outcome.failed() - shown) + " more; the manifest has all");
    }
    for (Map.Entry<String, Long> cause : outcome.causes().entrySet()) {
      lines.add(Figures.counted(cause.getValue(), "failure") + ": " + cause.getKey());
    }
    if (outcome.status() != RunOutcome.Status.DONE) {
      lines.add(
          outcome.status().word()
              + ": "
              + outcome.done()
              + " of "
              + outcome.items()
              + (outcome.listRead() ? "" : " or more")
              + " files are there, "
              + outcome.failed()
              + " failed, "
              + outcome.remaining()
              + " remain"
              + (outcome.problem() == null ? "" : "; " + outcome.problem())
              + "; the same command goes on from here");
    }
    if (report.leftOut() > 0) {
      lines.add(report.leftOut() + " not tried: they did not fail before");
    }
    if (detail != Telling.Detail.QUIET) {
      lines.add(figures(report));
    }
    return lines;
  }

  private static String figures(DownloadReport report) {
    DownloadOutcome outcome = report.outcome();
    long fetched = outcome.done() - outcome.present();
    return Figures.counted(fetched, "file")
        + ", "
        + bytes(outcome.bytes())
        + " in "
        + Figures.seconds(outcome.seconds())
        + (outcome.seconds() > 0
            ? ", " + bytes((long) (outcome.bytes() / outcome.seconds())) + "/s"
            : "")
        + (outcome.present() > 0
            ? "; " + outcome.present() + (outcome.present() == 1 ? " was there" : " were there")
            : "")
        + (report.duplicates() > 0
            ? "; " + Figures.counted(report.duplicates(), "line") + " said the same again"
            : "")
        + "; "
        + Figures.counted(outcome.nodes().size(), "node")
        + (report.collected() ? "; they are in " : "; each is with the node that fetched it, in ")
        + report.folder();
  }

  private static String bytes(long bytes) {
    return Figures.compact((double) Math.max(0, bytes)) + "B";
  }

  private static String shortened(String url) {
    return url.length() <= URL_SHOWN ? url : "..." + url.substring(url.length() - URL_SHOWN + 3);
  }
}
