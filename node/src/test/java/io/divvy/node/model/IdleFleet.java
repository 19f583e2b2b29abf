package io.divvy.node.model;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.protocol.DownloadSpec;
import java.util.function.Consumer;

/** A fleet that can do nothing, for tests to give it what they look at. */
public class IdleFleet implements Fleet {
  private final Model model;

  public IdleFleet(Model model) {
    this.model = model;
  }

  @Override
  public final Model model() {
    return model;
  }

  @Override
  public double startSeconds() {
    return 0;
  }

  @Override
  public RunOutcome run(RunPlan plan, ItemSink sink, Keeper keeper, Consumer<JobEvent> listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DownloadOutcome download(
      DownloadSpec spec, Limits limits, Ends ends, Consumer<JobEvent> listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void interrupt() {}

  @Override
  public long peakMemoryBytes() {
    return -1;
  }

  @Override
  public void close() {}
}
