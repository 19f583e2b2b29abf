package io.divvy.node.model;

import io.divvy.coordinator.journal.Entry;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.protocol.Interval;
import io.divvy.protocol.Result;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What one plain thread counts, kept while it computes on. It waits for the disk only when much is
 * under way there.
 */
final class Kept {

  private static final long MOST_UNDER_WAY = 4 << 20;

  private final Keeper keeper;
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
  private long underWay;

  Kept(Keeper keeper) {
    this.keeper = keeper;
  }

  RunKey run() {
    return keeper.run();
  }

  /**
   * Keeps the values of an interval.
   *
   * @throws IOException when what was counted before cannot be kept
   */
  void counted(Interval interval, byte[] payload, String node)
      throws IOException, InterruptedException {
    underWay += payload.length;
    keep(List.of(new Entry.Accepted(interval, payload, node, 1)));
  }

  /** Keeps that the items have no value. */
  void failed(Interval interval, Result.Failure failure) throws IOException, InterruptedException {
    List<Entry> entries = new ArrayList<>();
    for (long index = interval.from(); index < interval.to(); index++) {
      entries.add(new Entry.Failed(index, failure.message(), failure.stackTrace()));
    }
    keep(entries);
  }

  private void keep(List<Entry> entries) throws IOException, InterruptedException {
    CompletableFuture<Void> before = last;
    last = keeper.keep(entries).toCompletableFuture();
    if (underWay > MOST_UNDER_WAY) {
      underWay = 0;
      await(last);
    } else if (before.isCompletedExceptionally()) {
      await(before);
    }
  }

  private static void await(CompletableFuture<Void> kept) throws IOException, InterruptedException {
    try {
      kept.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException("the journal failed", e);
    }
  }
}
