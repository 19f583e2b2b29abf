package io.divvy.node.model;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.protocol.DownloadSpec;
import java.io.IOException;
import java.util.function.Consumer;

/** The workers of one model, started and ready; runs jobs one after the other. */
public interface Fleet extends AutoCloseable {

  Model model();

  /** How long it took until the workers could take work, in seconds. */
  double startSeconds();

  /**
   * Runs the job and waits for its end. Called by one thread at a time.
   *
   * @param sink where the values of a map kind go; called on one thread at a time
   * @param listener told of every event, on one thread at a time
   * @throws IOException when output cannot be written; the run is over
   * @throws UnreachableException when there is no node to work on
   */
  default RunOutcome run(RunPlan plan, ItemSink sink, Consumer<JobEvent> listener)
      throws IOException, UnreachableException, InterruptedException {
    return run(plan, sink, Keeper.none(), listener);
  }

  /**
   * Runs the job, or what is left of it, and waits for its end. Called by one thread at a time.
   *
   * @param keeper what was counted before, and where to keep what is counted now
   */
  RunOutcome run(RunPlan plan, ItemSink sink, Keeper keeper, Consumer<JobEvent> listener)
      throws IOException, UnreachableException, InterruptedException;

  /**
   * Fetches the files of a list and waits for the end. Called by one thread at a time.
   *
   * @param limits of which {@code connections} is at least 1
   * @param listener told of every event, on one thread at a time
   * @throws IOException when the list cannot be read or what became of it cannot be written
   */
  DownloadOutcome download(DownloadSpec spec, Limits limits, Ends ends, Consumer<JobEvent> listener)
      throws IOException, InterruptedException;

  /** Ends a run that is under way, soon, with status {@code interrupted}; from any thread. */
  void interrupt();

  /** The peak of the memory of all JVMs of this fleet together in bytes (PSS), or -1. */
  long peakMemoryBytes();

  /** Stops what was started for this fleet, and waits until it is gone. */
  @Override
  void close();

  /** No node can be reached; the message is one line: what, where, what to do. */
  final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String message) {
      super(message);
    }
  }
}
