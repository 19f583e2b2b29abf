package io.divvy.node.compare;

import io.divvy.node.compare.Comparison.Row;
import io.divvy.node.report.Json;
import io.divvy.node.report.RunJson;
import java.util.Map;

/** The JSON of {@code compare}. Other programs read the names: fields are added, never changed. */
public final class CompareJson {

  private CompareJson() {}

  /**
   * What every model did.
   *
   * @param input as the user wrote it
   * @param parameters by name
   */
  public record Task(String kind, String input, Map<String, ?> parameters) {}

  /**
   * The object.
   *
   * @param machine what the machine is
   * @param status {@code done}, or why not all of it is there
   */
  public static Json of(
      Json machine, Task task, String status, Comparison comparison, String verdict) {
    return new Json()
        .put("schema", "divvy.compare/1")
        .put("machine", machine)
        .put("kind", task.kind())
        .put("input", task.input())
        .put("params", task.parameters())
        .put("status", status)
        .put("identical", comparison.identical())
        .put("runs", comparison.rows().stream().map(CompareJson::row).toList())
        .put("verdict", verdict);
  }

  private static Object row(Row row) {
    return new Json()
        .put("model", row.model().word())
        .put("nodes", row.nodes())
        .put("workers", row.workers())
        .put(
            "seconds",
            new Json()
                .seconds("median", row.seconds().median())
                .seconds("min", row.seconds().min())
                .seconds("max", row.seconds().max()))
        .seconds("totalSeconds", row.totalSeconds())
        .ratio("speedup", row.speedup())
        .ratio("speedupTotal", row.speedupTotal())
        .ratio("efficiency", row.efficiency())
        .ratio("serialFraction", row.serialFraction())
        .bytes("memoryBytes", row.memoryBytes())
        .put("digest", row.digest())
        .put("account", RunJson.account(row.account()))
        .fields();
  }
}
