package io.divvy.node.compare;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.protocol.NodeInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of one model, as far as a comparison needs to know it.
 *
 * @param nodes how many there were
 * @param workers how many worked at once at most; of a download, its connections
 * @param width how many of them can be kept busy at once: what an efficiency is by
 * @param account slot-seconds by name, where there is such an account
 * @param problem one line that says why the run was lost or halted, or null
 */
public record Trial(
    Status status,
    String digest,
    double seconds,
    int nodes,
    int workers,
    int width,
    Map<String, Double> account,
    @Nullable String problem) {

  /** A run that computed: as many workers as its machines have cores can be kept busy. */
  public static Trial of(RunOutcome outcome) {
    List<NodeInfo> nodes = outcome.nodes();
    return new Trial(
        outcome.status(),
        outcome.digest(),
        outcome.seconds(),
        nodes.size(),
        outcome.workers(),
        Math.max(1, Math.min(outcome.workers(), Comparison.usableCores(nodes))),
        outcome.account(),
        outcome.problem());
  }

  /**
   * A run that fetched files. It waits far more than it computes, so cores do not bound it.
   *
   * @param digest over the files that are there
   * @param connections how many it could use at once
   */
  public static Trial of(DownloadOutcome outcome, String digest, int connections) {
    return new Trial(
        outcome.status(),
        digest,
        outcome.seconds(),
        outcome.nodes().size(),
        connections,
        connections,
        Map.of(),
        outcome.problem());
  }
}
