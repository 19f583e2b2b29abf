package io.divvy.node.drill;

import io.divvy.node.input.Suggestions;
import io.divvy.node.input.UsageException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The faults that a run is to go through.
 *
 * @param drills in the order in which they happen
 */
public record DrillPlan(List<Drill> drills) {

  /** A run that is left alone. */
  public static final DrillPlan NONE = new DrillPlan(List.of());

  private static final Pattern DRILL =
      Pattern.compile("([^@:%]+)@([0-9]{1,3}(?:\\.[0-9]{1,9})?)%(?::(.*))?");
  private static final BigDecimal ALL = BigDecimal.valueOf(100);
  private static final String DEFAULT_PAUSE = "8s";

  public DrillPlan {
    drills = List.copyOf(drills);
  }

  /** Reads a time such as {@code 8s}; the complaint about another text is one line. */
  public interface Times {
    Duration read(String text) throws UsageException;
  }

  /** The plan in {@code --drill}: faults and their moments, with commas between them. */
  public static DrillPlan parse(String text, Times times) throws UsageException {
    List<Drill> drills = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      drills.add(drill(word.strip(), times));
    }
    drills.sort(Comparator.comparing(Drill::percent));
    return new DrillPlan(drills);
  }

  /** Whether it has this fault. */
  public boolean has(Fault fault) {
    return drills.stream().anyMatch(drill -> drill.fault() == fault);
  }

  private static Drill drill(String word, Times times) throws UsageException {
    Matcher drill = DRILL.matcher(word);
    if (!drill.matches()) {
      throw wrong(word);
    }
    Fault fault = fault(drill.group(1));
    BigDecimal percent = new BigDecimal(drill.group(2));
    boolean timed = drill.group(3) != null;
    if (percent.signum() == 0
        || percent.compareTo(ALL) >= 0
        || (timed && fault != Fault.PAUSE_WORKER)) {
      throw wrong(word);
    }
    Duration pause =
        fault == Fault.PAUSE_WORKER
            ? times.read(timed ? drill.group(3) : DEFAULT_PAUSE)
            : Duration.ZERO;
    return new Drill(fault, percent, pause);
  }

  private static Fault fault(String word) throws UsageException {
    for (Fault fault : Fault.values()) {
      if (fault.word().equals(word)) {
        return fault;
      }
    }
    throw new UsageException(
        Suggestions.unknown(
            "fault", word, Arrays.stream(Fault.values()).map(Fault::word).toList()));
  }

  private static UsageException wrong(String word) {
    return new UsageException(
        "--drill has '"
            + word
            + "'; give kill-worker@P%, pause-worker@P%:TIME or kill-coordinator@P%, with P above 0"
            + " and below 100, such as kill-worker@40%,pause-worker@60%:8s");
  }
}
