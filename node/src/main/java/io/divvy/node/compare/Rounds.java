package io.divvy.node.compare;

import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing under several models, round by round: each round has one run of every model, so
 * that whatever changes on the machine meanwhile meets all of them. A model's fleet starts when it
 * is first needed and stays until the end.
 */
public final class Rounds implements AutoCloseable {

  /** What every model does in every round. */
  public interface Task {
    /**
     * Called once, before the fleet's first run: nothing of it is measured.
     *
     * @return a run that was not done and ends the rounds
     */
    default Optional<Trial> warmUp(Fleet fleet, Consumer<JobEvent> listener)
        throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
      return Optional.empty();
    }

    Trial run(Fleet fleet, Consumer<JobEvent> listener)
        throws UsageException, Fleet.UnreachableException, IOException, InterruptedException;
  }

  /** What the rounds are told to do at their edges. */
  public interface Surroundings {
    Fleet start(Model model)
        throws UsageException, Fleet.UnreachableException, IOException, InterruptedException;

    /** The fleet is ready and may warm up; the listener hears of that. */
    Consumer<JobEvent> beforeWarmUp(Fleet fleet);

    /** A run begins; the listener hears of it. */
    Consumer<JobEvent> beforeRun(int round, Fleet fleet);

    /** It is over; {@code trial} is null when it could not be carried out. */
    void afterRun(int round, Fleet fleet, @Nullable Trial trial);

    /** Whether to end now. */
    boolean stopped();
  }

  /**
   * How the rounds ended.
   *
   * @param measured what was measured, of those models that had a run
   * @param broken a run that was lost, halted or interrupted and ended the rounds
   * @param problem one line that says which model could not run and why
   */
  public record Ended(List<Measured> measured, Optional<Trial> broken, Optional<String> problem) {}

  private final Surroundings surroundings;
  private final Task task;
  private final List<Model> models;
  private final int repeat;
  private final Map<Model, Fleet> fleets = new EnumMap<>(Model.class);
  private final Map<Model, List<Trial>> trials = new EnumMap<>(Model.class);

  public Rounds(Surroundings surroundings, Task task, List<Model> models, int repeat) {
    this.surroundings = surroundings;
    this.task = task;
    this.models = List.copyOf(models);
    this.repeat = repeat;
  }

  /** Runs all rounds, or as many as can be run, and stops the fleets unless told to end now. */
  public Ended run() throws UsageException, IOException {
    @Nullable Trial broken = null;
    @Nullable String problem = null;
    try {
      for (int round = 1; round <= repeat && broken == null; round++) {
        for (Model model : models) {
          if (surroundings.stopped()) {
            return ended(null, null);
          }
          broken = turn(round, model);
          if (broken != null) {
            problem = broken.problem() == null ? null : model.word() + ": " + broken.problem();
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

  /** The model's turn in this round; answers a run that ends the rounds. */
  private @Nullable Trial turn(int round, Model model)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
    @Nullable Fleet fleet = fleets.get(model);
    if (fleet == null) {
      fleet = surroundings.start(model);
      fleets.put(model, fleet);
      Optional<Trial> failed = task.warmUp(fleet, surroundings.beforeWarmUp(fleet));
      if (failed.isPresent() || surroundings.stopped()) {
        return failed.orElse(null);
      }
    }
    Trial trial = run(round, fleet);
    if (trial.status() != Status.DONE && trial.status() != Status.FAILED_ITEMS) {
      return trial;
    }
    trials.computeIfAbsent(model, key -> new ArrayList<>()).add(trial);
    return null;
  }

  private Trial run(int round, Fleet fleet)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
    Consumer<JobEvent> listener = surroundings.beforeRun(round, fleet);
    @Nullable Trial trial = null;
    try {
      trial = task.run(fleet, listener);
      return trial;
    } finally {
      surroundings.afterRun(round, fleet, trial);
    }
  }

  private Ended ended(@Nullable Trial broken, @Nullable String problem) {
    List<Measured> measured = new ArrayList<>();
    for (Model model : models) {
      @Nullable Fleet fleet = fleets.get(model);
      @Nullable List<Trial> runs = trials.get(model);
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
