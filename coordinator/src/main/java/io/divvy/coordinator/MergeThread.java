package io.divvy.coordinator;

import io.divvy.coordinator.merge.Merge;
import io.divvy.coordinator.merge.Merge.Merged;
import io.divvy.coordinator.merge.Merge.Origin;
import io.divvy.protocol.Interval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A {@link Merge} on a thread of its own, so that slow output never holds up the coordinator. */
final class MergeThread {

  private final Merge merge;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "divvy-merge");
            thread.setDaemon(true);
            return thread;
          });

  MergeThread(Merge merge) {
    this.merge = merge;
  }

  /** The values of an interval, accepted by the ledger. */
  record Accepted(Interval interval, byte[] payload, Origin origin) {}

  /** Completes when all of it is merged. */
  CompletionStage<Void> add(List<Accepted> results) {
    return CompletableFuture.runAsync(
        () ->
            unchecked(
                () -> {
                  for (Accepted result : results) {
                    merge.add(result.interval(), result.payload(), result.origin());
                  }
                }),
        thread);
  }

  CompletionStage<Void> fail(Interval unit) {
    return CompletableFuture.runAsync(
        () ->
            unchecked(
                () -> {
                  for (long index = unit.from(); index < unit.to(); index++) {
                    merge.fail(index);
                  }
                }),
        thread);
  }

  /** Completes when everything told before is written out; the merge is closed then. */
  CompletionStage<Merged> finish() {
    return CompletableFuture.supplyAsync(
            () -> {
              try (merge) {
                return merge.finish();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            thread)
        .whenComplete((merged, failure) -> thread.shutdown());
  }

  private static void unchecked(Writing writing) {
    try {
      writing.write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Writing {
    void write() throws IOException;
  }
}
