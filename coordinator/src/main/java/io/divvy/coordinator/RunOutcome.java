package io.divvy.coordinator;

import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.util.List;
import java.util.Map;
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
    @Nullable String problem) {

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
   */
  public record Death(String node, long pid, String evidence, List<Interval> intervals) {
    public Death {
      intervals = List.copyOf(intervals);
    }
  }
}
