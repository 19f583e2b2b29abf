package io.divvy.node.report;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a run is, in words.
 *
 * @param counted how many items are done or failed
 * @param failed how many of them failed
 * @param items how many there are
 * @param rate items per second, 0 when unknown
 * @param nodes how many nodes take part
 * @param workers how many slots are in use
 */
record ProgressText(long counted, long failed, long items, double rate, int nodes, int workers) {

  private static final int NARROWEST_BAR = 8;
  private static final int WIDEST_BAR = 40;

  /** A plain line, for a log or a pipe. */
  String line() {
    return String.join(", ", parts());
  }

  /** A line with a bar in it that fits into {@code columns}, at the cost of what comes last. */
  String bar(int columns) {
    // One column stays free: a terminal that is filled to the last one wraps.
    int room = columns - 1;
    List<String> parts = parts();
    while (parts.size() > 1 && String.join(", ", parts).length() > room) {
      parts.remove(parts.size() - 1);
    }
    String text = String.join(", ", parts);
    int width = Math.min(WIDEST_BAR, room - text.length() - 3);
    if (width >= NARROWEST_BAR) {
      int full = items == 0 ? width : (int) ((double) counted / items * width);
      if (counted < items) {
        full = Math.min(full, width - 1);
      }
      return "[" + "#".repeat(full) + "-".repeat(width - full) + "] " + text;
    }
    return text.length() <= room ? text : text.substring(0, Math.max(0, room));
  }

  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    parts.add(
        Figures.percent(counted, items)
            + ", "
            + Figures.compact((double) counted)
            + " of "
            + Figures.compact((double) items)
            + " items");
    if (failed > 0) {
      parts.add(Figures.compact((double) failed) + " failed");
    }
    if (rate > 0) {
      parts.add(Figures.compact(rate) + "/s");
      if (counted < items) {
        parts.add("ETA " + Figures.duration((items - counted) / rate));
      }
    }
    parts.add(Figures.counted(nodes, "node"));
    parts.add(Figures.counted(workers, "worker"));
    return parts;
  }
}
