package io.divvy.node.compare;

import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import io.divvy.node.report.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tiny jobs before the first round, whose answers nobody wants. They pass thousands of messages, so
 * that the JVMs of a fleet have compiled what carries them, and the rounds compare models instead
 * of compilers. The baseline passes no messages and needs none.
 *
 * @param plan a job of next to no work and many chunks
 * @param time for how long each fleet does it, again and again; none at all when zero
 * @param clock nanoseconds, as {@link System#nanoTime()}
 */
public record WarmUp(RunPlan plan, Duration time, LongSupplier clock) {

  /**
   * Warms up the fleet, for the given time or until it is to stop.
   *
   * @param listener told of every event
   * @return a job that was not done; it was the last
   */
  public Optional<Trial> run(Fleet fleet, Consumer<JobEvent> listener, BooleanSupplier stopped)
      throws IOException, Fleet.UnreachableException, InterruptedException {
    long from = clock.getAsLong();
    while (isFor(fleet.model())
        && !stopped.getAsBoolean()
        && clock.getAsLong() - from < time.toNanos()) {
      Trial trial = Trial.of(fleet.run(plan, ItemSink.NONE, listener));
      if (trial.status() != Status.DONE) {
        return Optional.of(trial);
      }
    }
    return Optional.empty();
  }

  /** What precedes the rounds of these models, to stand behind what they are; empty for nothing. */
  public String words(List<Model> models) {
    return models.stream().anyMatch(this::isFor)
        ? ", after warming up what passes messages for " + Figures.seconds(time.toNanos() / 1e9)
        : "";
  }

  /** Whether fleets of this model are warmed up at all. */
  public boolean isFor(Model model) {
    return model != Model.SEQUENTIAL && !time.isZero();
  }
}
