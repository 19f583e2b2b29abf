package io.divvy.coordinator;

import io.divvy.coordinator.MergeThread.Accepted;
import io.divvy.coordinator.journal.Entry;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.merge.Merge;
import io.divvy.coordinator.merge.Merge.Merged;
import io.divvy.protocol.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Has what was counted merged and kept. It is safe, and may be acknowledged, when both is done with
 * it and with all that was counted before.
 */
public final class Safekeeping {

  private final MergeThread merging;
  private final Keeper keeper;
  private final Restored restored;

  /**
   * @param merge has what was restored
   * @param keeper where what is counted from now on is kept
   */
  public Safekeeping(Merge merge, Keeper keeper, Restored restored) {
    this.merging = new MergeThread(merge);
    this.keeper = keeper;
    this.restored = restored;
  }

  /** For a run that has no journal. */
  Safekeeping(Merge merge) {
    this(merge, Keeper.none(), Restored.NOTHING);
  }

  /** What was counted before this process began. */
  Restored restored() {
    return restored;
  }

  /**
   * What was added.
   *
   * @param safe completes when all of it is safe
   * @param soon whether that waits for no disk, only for what was added before
   */
  record Added(CompletionStage<Void> safe, boolean soon) {}

  /** Has these merged and kept. */
  Added add(List<Accepted> results) {
    List<Entry> entries = new ArrayList<>(results.size());
    for (Accepted result : results) {
      entries.add(
          new Entry.Accepted(
              result.interval(),
              result.payload(),
              result.origin().node(),
              result.origin().worker()));
    }
    CompletionStage<Void> merged = merging.add(results);
    CompletionStage<Void> kept = keeper.keep(entries);
    return new Added(merged.thenCompose(done -> kept), kept.toCompletableFuture().isDone());
  }

  /** Completes when it is safe that these items have no value. */
  CompletionStage<Void> fail(Interval unit, String message, String stackTrace) {
    List<Entry> entries = new ArrayList<>();
    for (long index = unit.from(); index < unit.to(); index++) {
      entries.add(new Entry.Failed(index, message, stackTrace));
    }
    CompletionStage<Void> merged = merging.fail(unit);
    CompletionStage<Void> kept = keeper.keep(entries);
    return merged.thenCompose(done -> kept);
  }

  /** Completes when everything told before is written out; the merge is closed then. */
  CompletionStage<Merged> finish() {
    return merging.finish();
  }
}
