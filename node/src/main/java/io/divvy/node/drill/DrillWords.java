package io.divvy.node.drill;

import java.time.Duration;
import java.util.Locale;

/** What is said of drills, a line each. */
final class DrillWords {

  private DrillWords() {}

  /** The fault has happened. */
  static String begun(Drill drill, Drilled drilled) {
    return "drill "
        + drilled.name()
        + ": node "
        + drilled.node()
        + ", pid "
        + drilled.pid()
        + (drill.fault() == Fault.PAUSE_WORKER
            ? ", is stopped for " + seconds(drill.pause())
            : ", is killed");
  }

  /** What it cost, or why it was not done. */
  static String concluded(Drilled drilled) {
    if (drilled.notDone() != null) {
      return "drill " + drilled.name() + " is not done: " + drilled.notDone();
    }
    boolean command = drilled.node() == null;
    return "drill "
        + drilled.name()
        + " cost: "
        + (command ? commandNoticed(drilled) : nodeNoticed(drilled))
        + "; "
        + (command ? commandRecovered(drilled) : nodeRecovered(drilled));
  }

  private static String nodeNoticed(Drilled drilled) {
    return drilled.noticedSeconds() < 0
        ? "not noticed"
        : "noticed after " + seconds(drilled.noticedSeconds());
  }

  private static String nodeRecovered(Drilled drilled) {
    if (drilled.recoveredSeconds() < 0) {
      return "more could not be told, for the command ended first";
    }
    if (drilled.noticedSeconds() < 0) {
      return "the node counted again after "
          + seconds(drilled.recoveredSeconds())
          + "; nothing lost";
    }
    return "the first of what it had in hand was counted after "
        + seconds(drilled.recoveredSeconds())
        + (drilled.lostSeconds() < 0
            ? ""
            : "; " + seconds(drilled.lostSeconds()) + " of computing lost");
  }

  private static String commandNoticed(Drilled drilled) {
    return drilled.noticedSeconds() < 0
        ? "its process is about to end"
        : "its process was gone after " + seconds(drilled.noticedSeconds());
  }

  private static String commandRecovered(Drilled drilled) {
    if (drilled.recoveredSeconds() < 0) {
      return "the resumed run had nothing to count";
    }
    return "the resumed run counted its first item after "
        + seconds(drilled.recoveredSeconds())
        + (drilled.itemsAgain() < 0
            ? ""
            : "; items counted before and computed again: " + drilled.itemsAgain());
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 1 ? "%.3f s" : "%.2f s", seconds);
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1e3 + " s";
  }
}
