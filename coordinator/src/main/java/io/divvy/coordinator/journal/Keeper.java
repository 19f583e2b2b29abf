package io.divvy.coordinator.journal;

import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where a run keeps what it counts. Safe to use from several threads. */
public interface Keeper {

  /** Which run this is, and how often it was resumed. */
  RunKey run();

  /**
   * Keeps the entries, behind all that it was told before.
   *
   * @return completes when these, and all before, are as safe as they get; exceptionally, with a
   *     {@link JournalException}, when they cannot be kept and the run must end
   */
  CompletionStage<Void> keep(List<Entry> entries);

  /** Tells what was counted before this process began, in the order in which it was. */
  void replay(Replay replay) throws IOException;

  /** Takes what was counted before. */
  interface Replay {
    void accepted(Entry.Accepted accepted) throws IOException;

    void failed(Entry.Failed failed) throws IOException;
  }

  /** Keeps nothing, for a new run. */
  static Keeper none() {
    RunKey run = RunKey.random();
    return new Keeper() {
      @Override
      public RunKey run() {
        return run;
      }

      @Override
      public CompletionStage<Void> keep(List<Entry> entries) {
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public void replay(Replay replay) {}
    };
  }
}
