package io.divvy.node.compare;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import io.divvy.node.report.NoItems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job under several models, round by round: each round has one run of every model, so that
 * whatever changes on the machine meanwhile meets all of them. A model's fleet starts when it is
 * first needed and stays until the end.
 */
public final class Rounds implements AutoCloseable {

  /** What the rounds are told to do at their edges. */
  public interface Surroundings {
    Fleet start(Model model)
        throws UsageException, Fleet.UnreachableException, IOException, InterruptedException;

    /** A run begins; the listener hears of it. */
    Consumer<JobEvent> beforeRun(int round, Fleet fleet);

    /** It is over; {@code outcome} is null when it could not be carried out. */
    void afterRun(int round, Fleet fleet, @Nullable RunOutcome outcome);

    /** Whether to end now. */
    boolean stopped();
  }

  /**
   * How the rounds ended.
   *
   * @param measured what was measured, of those models that had a run
   * @param broken the outcome of a run that was lost, halted or interrupted and ended the rounds
   * @param problem one line that says which model could not run and why
   */
  public record Ended(
      List<Measured> measured, Optional<RunOutcome> broken, Optional<String> problem) {}

  private final Surroundings surroundings;
  private final RunPlan plan;
  private final List<Model> models;
  private final int repeat;
  private final Map<Model, Fleet> fleets = new EnumMap<>(Model.class);
  private final Map<Model, List<RunOutcome>> outcomes = new EnumMap<>(Model.class);

  public Rounds(Surroundings surroundings, RunPlan plan, List<Model> models, int repeat) {
    this.surroundings = surroundings;
    this.plan = plan;
    this.models = List.copyOf(models);
    this.repeat = repeat;
  }

  /** Runs all rounds, or as many as can be run, and stops the fleets unless told to end now. */
  public Ended run() throws UsageException, IOException {
    @Nullable RunOutcome broken = null;
    @Nullable String problem = null;
    try {
      for (int round = 1; round <= repeat && broken == null; round++) {
        for (Model model : models) {
          if (surroundings.stopped()) {
            return ended(null, null);
          }
          RunOutcome outcome = run(round, model);
          if (outcome.status() == RunOutcome.Status.DONE
              || outcome.status() == RunOutcome.Status.FAILED_ITEMS) {
            outcomes.computeIfAbsent(model, key -> new ArrayList<>()).add(outcome);
          } else {
            broken = outcome;
            if (outcome.problem() != null) {
              problem = model.word() + ": " + outcome.problem();
            }
            break;
          }
        }
      }
    } catch (Fleet.UnreachableException e) {
      problem = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      // Told to end while a fleet was starting.
      if (!surroundings.stopped()) {
        throw new IllegalStateException("interrupted by nobody", e);
      }
    }
    return ended(broken, problem);
  }

  private RunOutcome run(int round, Model model)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
    @Nullable Fleet known = fleets.get(model);
    Fleet fleet = known == null ? surroundings.start(model) : known;
    fleets.put(model, fleet);
    Consumer<JobEvent> listener = surroundings.beforeRun(round, fleet);
    @Nullable RunOutcome outcome = null;
    try {
      outcome =
          plan.spec().count() == 0
              ? NoItems.done(plan.kind())
              : fleet.run(plan, ItemSink.NONE, listener);
      return outcome;
    } finally {
      surroundings.afterRun(round, fleet, outcome);
    }
  }

  private Ended ended(@Nullable RunOutcome broken, @Nullable String problem) {
    List<Measured> measured = new ArrayList<>();
    for (Model model : models) {
      @Nullable Fleet fleet = fleets.get(model);
      @Nullable List<RunOutcome> runs = outcomes.get(model);
      if (fleet != null && runs != null) {
        long memory = fleet.peakMemoryBytes();
        measured.add(new Measured(model, fleet.startSeconds(), stop(fleet), runs, memory));
      }
    }
    return new Ended(measured, Optional.ofNullable(broken), Optional.ofNullable(problem));
  }

  /** Stops the fleet and says how long it took; leaves it when somebody waits for the end. */
  private double stop(Fleet fleet) {
    if (surroundings.stopped()) {
      return 0;
    }
    long from = System.nanoTime();
    fleet.close();
    fleets.remove(fleet.model());
    return (System.nanoTime() - from) / 1e9;
  }

  /** Stops the fleets that still run. */
  @Override
  public void close() {
    fleets.values().forEach(Fleet::close);
    fleets.clear();
  }
}
