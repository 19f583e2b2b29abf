package io.divvy.node.drill;

import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.drill.DrillRecord.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drills of one command: listens to its run, and does and measures them on its own thread. */
public final class Drills implements Consumer<JobEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Drills.class);
  private static final long PATIENCE_SECONDS = 6;

  private final DrillPlan plan;
  private final Optional<DrillRecord> record;
  private final Consumer<String> say;
  private final Map<Integer, Drilled> results = new TreeMap<>();
  private final @Nullable ScheduledThreadPoolExecutor thread;
  private final Exercise exercise;
  private @Nullable Line resumedFrom;
  private volatile long resumed;
  private volatile Optional<Path> unfinished = Optional.empty();
  private boolean closed;

  /**
   * The drills that are left to do.
   *
   * @param record where a keeper hears of them and tells of earlier ones; empty without a keeper
   * @param machine what nodes of this machine call it
   * @param say told a line of what happens
   */
  public Drills(DrillPlan plan, Optional<DrillRecord> record, String machine, Consumer<String> say)
      throws IOException {
    this.plan = plan;
    this.record = record;
    this.say = say;
    int first = 0;
    for (Line line : record.isPresent() ? record.get().read().values() : List.<Line>of()) {
      results.put(line.drill(), line.drilled());
      first = Math.max(first, line.drill() + 1);
      if (line.counted() >= 0 && line.drilled().recoveredSeconds() < 0) {
        resumedFrom = line;
      }
    }
    this.thread =
        plan.drills().isEmpty()
            ? null
            : new ScheduledThreadPoolExecutor(
                1, Drills::named, new ThreadPoolExecutor.DiscardPolicy());
    this.exercise =
        new Exercise(
            plan.drills(),
            first,
            new ProcessSignals(machine),
            (delay, what) -> later(what, delay.toNanos()),
            new Telling());
  }

  private static Thread named(Runnable work) {
    Thread thread = new Thread(work, "divvy-drills");
    thread.setDaemon(true);
    return thread;
  }

  /** So many items were counted before this command began. */
  public void resumed(long items) {
    resumed = items;
  }

  /** This file is of no use to anybody once this command is killed. */
  public void unfinished(Optional<Path> file) {
    unfinished = file;
  }

  @Override
  public void accept(JobEvent event) {
    long now = System.nanoTime();
    later(() -> on(event, now), 0);
  }

  /** What became of all drills, in the order of the plan; complete once this is closed. */
  public List<Drilled> results() {
    synchronized (results) {
      return new ArrayList<>(results.values());
    }
  }

  /** The run is over, or given up: nobody stays stopped. */
  @Override
  public void close() {
    if (thread == null || closed) {
      return;
    }
    closed = true;
    CountDownLatch ended = new CountDownLatch(1);
    later(
        () -> {
          try {
            exercise.end();
          } finally {
            ended.countDown();
          }
        },
        0);
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("The drills did not end in {} s", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      // In a hurry: who is stopped is woken up when this process ends.
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
  }

  private void later(Runnable what, long nanos) {
    if (thread != null) {
      ScheduledFuture<?> unused = thread.schedule(() -> safely(what), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private static void safely(Runnable what) {
    try {
      what.run();
    } catch (RuntimeException e) {
      LOG.error("A drill failed", e);
    }
  }

  private void on(JobEvent event, long now) {
    Line killed = resumedFrom;
    if (killed != null && event instanceof JobEvent.Counted) {
      resumedFrom = null;
      double seconds = Math.max(0, System.currentTimeMillis() - killed.killedAtMillis()) / 1e3;
      conclude(
          killed.drill(),
          killed.drilled().recovered(seconds, -1, Math.max(0, killed.counted() - resumed)));
    }
    exercise.on(event, now);
  }

  private void conclude(int drill, Drilled drilled) {
    keep(drill, drilled, -1);
    say.accept(DrillWords.concluded(drilled));
  }

  private void keep(int drill, Drilled drilled, long counted) {
    synchronized (results) {
      results.put(drill, drilled);
    }
    if (record.isPresent()) {
      try {
        record
            .get()
            .add(
                new Line(drill, drilled, counted, -1, unfinished.map(Path::toString).orElse(null)));
      } catch (IOException e) {
        say.accept("the keeper cannot be told of drill " + drilled.name() + ": " + e.getMessage());
      }
    }
  }

  /** Passes on what the exercise tells. */
  private final class Telling implements Exercise.Told {

    @Override
    public void begun(int drill, Drilled drilled) {
      keep(drill, drilled, -1);
      say.accept(DrillWords.begun(plan.drills().get(drill), drilled));
    }

    @Override
    public void learned(int drill, Drilled drilled) {
      keep(drill, drilled, -1);
    }

    @Override
    public void concluded(int drill, Drilled drilled) {
      conclude(drill, drilled);
    }

    @Override
    public void killMe(int drill, Drilled drilled, long counted) {
      keep(drill, drilled, counted);
    }
  }
}
