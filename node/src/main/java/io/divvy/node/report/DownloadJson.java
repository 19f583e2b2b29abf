package io.divvy.node.report;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.download.DownloadOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a download: that of {@code run}, with files for items. Other programs read the names.
 */
public final class DownloadJson {

  private DownloadJson() {}

  /** The object. */
  public static Json of(DownloadReport report) {
    DownloadOutcome outcome = report.outcome();
    boolean done = outcome.status() == RunOutcome.Status.DONE;
    Map<String, @Nullable Object> causes = new LinkedHashMap<>(outcome.causes());
    return new Json()
        .put("schema", "divvy.run/1")
        .put("run", outcome.run().run())
        .put("kind", "download")
        .put("input", report.input())
        .put("params", Map.of())
        .put("to", report.folder())
        .put("model", report.model().word())
        .put("nodes", outcome.nodes().size())
        .put("status", outcome.status().word())
        .put("result", null)
        .put("digest", done ? report.digest() : null)
        .put("partialDigest", done ? null : report.digest())
        .put("items", outcome.items())
        .put("done", outcome.done())
        .put("present", outcome.present())
        .put("failed", outcome.failed())
        .put("remaining", outcome.remaining())
        .put("leftOut", report.leftOut())
        .put("repeatedLines", report.duplicates())
        .put("listRead", outcome.listRead())
        .put(
            "failures",
            report.failures().stream()
                .map(
                    failure ->
                        new Json()
                            .put("line", failure.line())
                            .put("url", failure.url())
                            .put("cause", failure.cause())
                            .put("message", failure.text())
                            .fields())
                .toList())
        .put("causes", causes)
        .put("bytes", outcome.bytes())
        .put("attempts", outcome.attempts())
        .put("retried", outcome.retried())
        .put("duplicates", outcome.duplicates())
        .put("deaths", outcome.deaths().stream().map(RunJson::death).toList())
        .put(
            "seconds",
            new Json()
                .seconds("total", report.totalSeconds())
                .seconds("start", report.startSeconds())
                .seconds("run", outcome.seconds()))
        .bytes("memoryBytes", report.memoryBytes())
        .put("nodeList", outcome.nodes().stream().map(RunJson::node).toList())
        .put("problem", outcome.problem());
  }
}
