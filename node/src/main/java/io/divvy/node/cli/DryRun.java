package io.divvy.node.cli;

import io.divvy.coordinator.share.Factoring;
import io.divvy.job.ReduceKind;
import io.divvy.node.model.Model;
import io.divvy.node.report.Json;
import io.divvy.node.report.RunJson;
import io.divvy.node.report.Stretch;
import io.divvy.protocol.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What a run would do, without doing it. */
record DryRun(Job job, Allotment allotment, OptionalLong chunk) {

  private static final int CHUNKS_SHOWN = 8;

  /** The chunks that would be handed out before any result is known. */
  List<Interval> firstChunks() {
    long items = job.numbers().count();
    int workers = allotment.workers().orElse(CHUNKS_SHOWN);
    List<Interval> chunks = new ArrayList<>();
    long from = 0;
    while (from < items && chunks.size() < Math.min(workers, CHUNKS_SHOWN)) {
      long size = size(items - from);
      long to = items - from > size ? from + size : items;
      chunks.add(new Interval(from, to));
      from = to;
    }
    return chunks;
  }

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(job.header() + "; " + allotment.words());
    for (Interval chunk : firstChunks()) {
      lines.add("chunk " + Stretch.of(job.numbers(), chunk));
    }
    lines.add(rest());
    lines.add("nothing was started");
    return lines;
  }

  /** For programs. */
  Json json() {
    return new Json()
        .put("schema", "divvy.plan/1")
        .put("kind", job.kind().name())
        .put("input", job.input())
        .put("params", RunJson.parameters(job.kind()))
        .put("model", allotment.model().word())
        .put("nodes", allotment.nodes().isPresent() ? allotment.nodes().getAsInt() : null)
        .put("workers", allotment.workers().isPresent() ? allotment.workers().getAsInt() : null)
        .put("items", job.numbers().count())
        .put(
            "chunks",
            firstChunks().stream()
                .map(chunk -> new Json().put("from", chunk.from()).put("to", chunk.to()).fields())
                .toList())
        .put("chunkItems", chunk.isPresent() ? chunk.getAsLong() : null);
  }

  private String rest() {
    if (job.numbers().count() == 0) {
      return "no items, so no chunks";
    }
    return switch (allotment.model()) {
      case SEQUENTIAL -> "one thread computes all of it, without chunks";
      case THREADS, PROCESSES, CLUSTER ->
          chunk.isPresent()
              ? "then " + chunk.getAsLong() + " at a time, as workers become free"
              : "then larger ones, by the speed that each worker shows";
    };
  }

  /** The size of the first chunk of a worker, as the run itself would choose it. */
  private long size(long queued) {
    if (allotment.model() == Model.SEQUENTIAL) {
      return queued;
    }
    long block = job.kind() instanceof ReduceKind<?> reduce ? reduce.block() : 1;
    return new Factoring<String>(block, chunk.orElse(0), Long.MAX_VALUE).size("a worker", queued);
  }
}
