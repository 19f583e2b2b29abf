package io.divvy.coordinator.download;

import io.divvy.coordinator.RunOutcome;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a download ended.
 *
 * @param items how many items were read; {@code done + failed + remaining = items}
 * @param listRead whether the list was read to its end
 * @param present how many of the done ones were there before
 * @param causes how many items failed for each cause, the most frequent first
 * @param bytes of the files fetched by this run
 * @param attempts how many hand-outs there were
 * @param retried how many of them for items handed out before
 * @param duplicates how many results were dropped because their items were counted before
 * @param deaths the nodes that were lost while the run lasted
 * @param nodes the nodes that were handed something
 * @param seconds from the first hand-out to the last result
 * @param nodesMemoryBytes the peak of the memory of all nodes together, or -1
 * @param problem one line that says why the run was lost or halted, or null
 */
public record DownloadOutcome(
    RunKey run,
    RunOutcome.Status status,
    long items,
    boolean listRead,
    long done,
    long present,
    long failed,
    long remaining,
    Map<String, Long> causes,
    long bytes,
    long attempts,
    long retried,
    long duplicates,
    List<RunOutcome.Death> deaths,
    List<NodeInfo> nodes,
    double seconds,
    long nodesMemoryBytes,
    @Nullable String problem) {

  public DownloadOutcome {
    causes = Collections.unmodifiableMap(new LinkedHashMap<>(causes));
    deaths = List.copyOf(deaths);
    nodes = List.copyOf(nodes);
  }
}
