package io.divvy.node.worker;

import io.divvy.config.ResultSettings;
import io.divvy.job.JobKind;
import io.divvy.job.Numbers;
import io.divvy.protocol.Durations;
import io.divvy.protocol.JobSpec;
import java.util.function.Consumer;

/** One grant as the compute thread knows it. */
final class Stint {
  private final JobKind kind;
  private final JobSpec job;
  private final ResultSettings settings;
  private final long itemNanos;
  private final long grantedAt;
  private final Outbox outbox;
  private final Consumer<Durations> quiet;
  private volatile boolean cancelled;

  /**
   * A grant of which nothing is computed yet.
   *
   * @param itemNanos how long a call of the function may take; 0: as long as it likes
   * @param grantedAt when the slot became the run's, by the clock of the {@link Computer}
   * @param quiet told when the thread is done with it, with the slot's time since the last result
   */
  Stint(
      JobKind kind,
      JobSpec job,
      ResultSettings settings,
      long itemNanos,
      long grantedAt,
      Outbox outbox,
      Consumer<Durations> quiet) {
    this.kind = kind;
    this.job = job;
    this.settings = settings;
    this.itemNanos = itemNanos;
    this.grantedAt = grantedAt;
    this.outbox = outbox;
    this.quiet = quiet;
  }

  Computation computation(SlotClock clock) {
    return new Computation(kind, job, settings, clock, new TimeLimit(itemNanos));
  }

  Numbers numbers() {
    return job.numbers();
  }

  long block() {
    return Computation.block(kind);
  }

  long itemNanos() {
    return itemNanos;
  }

  long grantedAt() {
    return grantedAt;
  }

  Outbox outbox() {
    return outbox;
  }

  /** The thread is done with it. */
  void ended(Durations rest) {
    quiet.accept(rest);
  }

  boolean cancelled() {
    return cancelled;
  }

  /** Nobody wants its results any more. */
  void cancel() {
    cancelled = true;
    outbox.close();
  }
}
