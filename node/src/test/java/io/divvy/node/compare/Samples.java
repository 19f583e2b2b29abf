package io.divvy.node.compare;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.node.model.Model;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Measurements as they might have been. */
final class Samples {

  static final String DIGEST = "sha256:00";

  private Samples() {}

  /** Runs of so many seconds each, on one machine with two cores; stopping takes half a second. */
  static Measured measured(
      Model model, int nodes, int workers, double startSeconds, double... seconds) {
    return new Measured(
        model,
        startSeconds,
        0.5,
        Arrays.stream(seconds)
            .mapToObj(each -> trial(Status.DONE, DIGEST, nodes, workers, each))
            .toList(),
        -1);
  }

  static Trial trial(Status status, String digest, int nodes, int workers, double seconds) {
    return Trial.of(outcome(status, digest, nodes, workers, seconds));
  }

  static RunOutcome outcome(Status status, String digest, int nodes, int workers, double seconds) {
    return new RunOutcome(
        new RunKey("00", 0),
        status,
        9,
        9,
        0,
        0,
        List.of(),
        List.of(),
        "36",
        digest,
        1,
        0,
        0,
        0,
        List.of(),
        nodes(Collections.nCopies(nodes, "here").toArray(String[]::new)),
        workers,
        seconds,
        Map.of(),
        -1,
        null,
        null);
  }

  /** A node on each of these machines, which have two cores. */
  static List<NodeInfo> nodes(String... machines) {
    return Arrays.stream(machines)
        .map(machine -> new NodeInfo("n", "", 1, 1, machine, 2, 0, "0", Map.of()))
        .toList();
  }
}
