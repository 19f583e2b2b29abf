package io.divvy.node.report;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.ItemFailure;
import io.divvy.job.JobKind;
import io.divvy.job.Numbers;
import io.divvy.node.drill.Drilled;
import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code run}. Other programs read the names: fields are added, never changed. */
public final class RunJson {

  private RunJson() {}

  /** The object. */
  public static Json of(RunReport report) {
    RunOutcome outcome = report.outcome();
    boolean done = outcome.status() == RunOutcome.Status.DONE;
    Json json =
        new Json()
            .put("schema", "divvy.run/1")
            .put("run", outcome.run().run())
            .put("kind", report.plan().spec().kind())
            .put("input", report.input())
            .put("params", parameters(report.plan().kind()))
            .put("model", report.model().word())
            .put("nodes", outcome.nodes().size())
            .put("workers", outcome.workers())
            .put("status", outcome.status().word())
            .put("result", done ? outcome.result() : null)
            .put("digest", done ? outcome.digest() : null);
    if (!done) {
      json.put("partialResult", outcome.result()).put("partialDigest", outcome.digest());
    }
    return json.put("items", outcome.items())
        .put("done", outcome.done())
        .put("failed", outcome.failed())
        .put("remaining", outcome.remaining())
        .put("failures", failures(outcome.failures(), report.plan().spec().numbers()))
        .put("chunks", outcome.chunks())
        .put("retried", outcome.retried())
        .put("duplicates", outcome.duplicates())
        .put("deaths", outcome.deaths().stream().map(RunJson::death).toList())
        .put(
            "seconds",
            new Json()
                .seconds("total", report.totalSeconds())
                .seconds("start", report.startSeconds())
                .seconds("run", outcome.seconds()))
        .put("account", account(outcome.account()))
        .bytes("memoryBytes", report.memoryBytes())
        .put("nodeList", outcome.nodes().stream().map(RunJson::node).toList())
        .put("problem", outcome.problem())
        .put("remainingIntervals", outcome.open().stream().map(RunJson::interval).toList())
        .put("abandoned", outcome.abandoned())
        .put("verified", verified(outcome.verified()))
        .put("journal", report.journal().folder().map(Path::toString).orElse(null))
        .put("epoch", outcome.run().epoch())
        .put("resumed", report.journal().resumed())
        .put("drills", report.drills().stream().map(RunJson::drill).toList());
  }

  private static Map<String, @Nullable Object> drill(Drilled drilled) {
    return new Json()
        .put("fault", drilled.fault())
        .put("at", drilled.at())
        .put("node", drilled.node())
        .put("pid", drilled.pid() < 0 ? null : Json.whole(drilled.pid()))
        .put("noticedSeconds", known(drilled.noticedSeconds()))
        .put("recoveredSeconds", known(drilled.recoveredSeconds()))
        .put("lostSeconds", known(drilled.lostSeconds()))
        .put("itemsAgain", drilled.itemsAgain() < 0 ? null : Json.whole(drilled.itemsAgain()))
        .put("notDone", drilled.notDone())
        .fields();
  }

  private static @Nullable Object verified(RunOutcome.@Nullable Verified verified) {
    return verified == null
        ? null
        : new Json()
            .put("items", verified.items())
            .put("differing", verified.differing().stream().map(RunJson::interval).toList())
            .fields();
  }

  /** The parameters of a kind by name, in their order, numbers as numbers. */
  public static Map<String, Object> parameters(JobKind kind) {
    return Parameters.of(kind);
  }

  /** Slot-seconds by name. */
  public static Map<String, @Nullable Object> account(Map<String, Double> seconds) {
    Map<String, @Nullable Object> account = new LinkedHashMap<>();
    for (Entry<String, Double> entry : seconds.entrySet()) {
      account.put(entry.getKey(), Json.rounded(entry.getValue(), 1e6));
    }
    return account;
  }

  private static List<Map<String, @Nullable Object>> failures(
      List<ItemFailure> failures, Numbers numbers) {
    return failures.stream()
        .map(
            failure ->
                new Json()
                    .put("index", failure.index())
                    .put("item", numbers.at(failure.index()))
                    .put("message", failure.message())
                    .put("stackTrace", failure.stackTrace())
                    .fields())
        .toList();
  }

  static Map<String, @Nullable Object> death(RunOutcome.Death death) {
    return new Json()
        .put("node", death.node())
        .put("pid", death.pid())
        .put("evidence", death.evidence())
        .put("intervals", death.intervals().stream().map(RunJson::interval).toList())
        .put("itemsAgain", death.itemsAgain())
        .put("secondsSilent", known(death.silentSeconds()))
        .put("secondsLost", known(death.secondsLost()))
        .fields();
  }

  /** To the millisecond; null when nobody can tell. */
  private static @Nullable Object known(double seconds) {
    return seconds < 0 ? null : Json.rounded(seconds, 1e3);
  }

  private static List<Object> interval(Interval interval) {
    return List.of(Json.whole(interval.from()), Json.whole(interval.to()));
  }

  static Map<String, @Nullable Object> node(NodeInfo node) {
    return new Json()
        .put("name", node.name())
        .put("address", node.address().isEmpty() ? null : node.address())
        .put("pid", node.pid())
        .put("slots", node.slots())
        .fields();
  }
}
