package io.divvy.coordinator;

import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param status whether all items are counted, and if not, why
 * @param items how many the input has; {@code done + failed + remaining = items}
 * @param open what remains, in order, as indices
 * @param failures the failed items, by index
 * @param result the value line, of what was done; null when there is none
 * @param digest over what was done
 * @param chunks how many intervals were handed out
 * @param retried how many of them again, after a failure or a loss
 * @param duplicates how many results were dropped because their items were counted before
 * @param abandoned how many compute threads were given up, since their items did not stop
 * @param deaths the nodes that were lost while the run lasted
 * @param nodes the nodes that were granted work from
 * @param workers how many slots were in use at most
 * @param seconds from the first grant to the last result
 * @param account slot-seconds by name, {@code capacity} among them; in the order to print
 * @param nodesMemoryBytes the peak of the memory of all nodes in other JVMs together, or -1
 * @param problem one line that says why the run was lost or halted, or null
 * @param verified what came of computing a sample once more, or null
 */
public record RunOutcome(
    RunKey run,
    Status status,
    long items,
    long done,
    long failed,
    long remaining,
    List<Interval> open,
    List<ItemFailure> failures,
    @Nullable String result,
    String digest,
    long chunks,
    long retried,
    long duplicates,
    long abandoned,
    List<Death> deaths,
    List<NodeInfo> nodes,
    int workers,
    double seconds,
    Map<String, Double> account,
    long nodesMemoryBytes,
    @Nullable String problem,
    @Nullable Verified verified) {

  /** The same run, and what came of computing a sample of it once more. */
  public RunOutcome with(Verified sample) {
    return new RunOutcome(
        run,
        status,
        items,
        done,
        failed,
        remaining,
        open,
        failures,
        result,
        digest,
        chunks,
        retried,
        duplicates,
        abandoned,
        deaths,
        nodes,
        workers,
        seconds,
        account,
        nodesMemoryBytes,
        problem,
        sample);
  }

  /**
   * Results that were computed once more.
   *
   * @param items how many items they cover
   * @param differing where the second value was another than the first, as indices
   */
  public record Verified(long items, List<Interval> differing) {
    public Verified {
      differing = List.copyOf(differing);
    }
  }

  /** How a run can end; the words are those of the JSON. */
  public enum Status {
    DONE("done"),
    FAILED_ITEMS("failed-items"),
    HALTED("halted"),
    INTERRUPTED("interrupted"),
    LOST("lost");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** An item without a value: its index, and why. */
  public record ItemFailure(long index, String message, String stackTrace) {}

  /**
   * A node that was lost.
   *
   * @param evidence what told so, in words
   * @param intervals what it had in hand and was handed out again, as indices
   * @param silentSeconds how long before that the last sign of life of it was heard; -1 when nobody
   *     took notice
   * @param secondsLost how long its slots computed what nobody heard of; -1 when nobody can tell
   */
  public record Death(
      String node,
      long pid,
      String evidence,
      List<Interval> intervals,
      double silentSeconds,
      double secondsLost) {
    public Death {
      intervals = List.copyOf(intervals);
    }

    /** Of a process that had nothing in hand yet. */
    public static Death stillborn(String node, long pid, String why) {
      return new Death(node, pid, why + ", before it took part", List.of(), -1, 0);
    }

    /** How many items were handed out again. */
    public long itemsAgain() {
      return intervals.stream().mapToLong(Interval::size).sum();
    }

    boolean isOf(String name, long process) {
      return node.equals(name) && pid == process;
    }

    /** The same death, of which more is known by now. */
    Death butThen(String what) {
      if (evidence.endsWith(what)) {
        return this;
      }
      return new Death(
          node, pid, evidence + "; then: " + what, intervals, silentSeconds, secondsLost);
    }

    /** The same process, lost once more after it came back. */
    Death and(Death later) {
      List<Interval> both =
          Stream.of(intervals, later.intervals).flatMap(List::stream).distinct().toList();
      return new Death(
          node,
          pid,
          evidence + "; then: " + later.evidence,
          both,
          later.silentSeconds,
          secondsLost + later.secondsLost);
    }

    /** All but who and why, for people, to stand behind that. */
    public String details() {
      StringBuilder text = new StringBuilder(" (pid ").append(pid);
      if (silentSeconds >= 0) {
        text.append(String.format(Locale.ROOT, ", last heard of %.1f s ago", silentSeconds));
      }
      long again = itemsAgain();
      text.append(again == 1 ? ", 1 item" : ", " + again + " items").append(" to be run again");
      if (secondsLost >= 0) {
        text.append(String.format(Locale.ROOT, ", %.1f s of computing lost", secondsLost));
      }
      return text.append(')').toString();
    }
  }
}
