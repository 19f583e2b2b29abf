package io.divvy.node.report;

import io.divvy.config.ProgressSettings;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.job.MapKind;
import io.divvy.node.model.RunPlan;
import io.divvy.protocol.Interval;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person what happens in a run while it lasts: progress, and on request who computed what.
 *
 * <p>It only listens. Events are put into a bounded queue and told by a thread of its own, so that
 * a stderr nobody reads never holds up the run; what does not fit is left out, and said to be.
 */
public final class Telling implements Teller {

  /** How much is told. */
  public enum Detail {
    QUIET,
    NORMAL,
    VERBOSE
  }

  private static final int QUEUE = 10_000;
  private static final long TICK_MILLIS = 100;

  /** A run that is over sooner needs no progress. */
  private static final long SHORT_RUN_NANOS = 1_000_000_000L;

  private final Console console;
  private final RunPlan plan;
  private final Detail detail;
  private final long intervalNanos;
  private final LongSupplier clock;
  private final BlockingQueue<JobEvent> events = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong leftOut = new AtomicLong();
  private final Rate rate = new Rate();
  private final Thread thread;
  private volatile JobEvent.@Nullable Progressed latest;
  private volatile boolean closed;
  private volatile Runnable whenReaderLeft = () -> {};
  private long startedNanos;
  private long lastNanos;

  /**
   * @param settings how often progress is told
   * @param clock nanoseconds, as {@link System#nanoTime()}
   */
  public Telling(
      Console console, RunPlan plan, Detail detail, ProgressSettings settings, LongSupplier clock) {
    this.console = console;
    this.plan = plan;
    this.detail = detail;
    this.intervalNanos =
        (console.terminal() ? settings.terminalInterval() : settings.lineInterval()).toNanos();
    this.clock = clock;
    this.startedNanos = clock.getAsLong();
    this.lastNanos = startedNanos;
    this.thread = new Thread(this::tellUntilClosed, "divvy-telling");
    thread.setDaemon(true);
  }

  /** Starts to tell. {@code whenReaderLeft} is called when stdout cannot be written any more. */
  public Telling start(Runnable whenReaderLeft) {
    this.whenReaderLeft = whenReaderLeft;
    thread.start();
    return this;
  }

  @Override
  public void accept(JobEvent event) {
    if (event instanceof JobEvent.Progressed progressed) {
      latest = progressed;
    }
    if (NodeLines.told(event, detail) && !events.offer(event)) {
      leftOut.incrementAndGet();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      // A stderr that nobody reads must not keep the command from ending.
      thread.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!thread.isAlive()) {
      drain();
    }
    console.clearBar();
  }

  private void tellUntilClosed() {
    while (!closed) {
      try {
        Thread.sleep(TICK_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
      tick();
    }
  }

  /** Tells what came in, and how far the run is. */
  void tick() {
    drain();
    try {
      console.flush();
    } catch (IOException e) {
      whenReaderLeft.run();
    }
    if (detail != Detail.QUIET) {
      progress(clock.getAsLong());
    }
  }

  private void drain() {
    for (JobEvent event = events.poll(); event != null; event = events.poll()) {
      tell(event);
    }
    long missing = leftOut.getAndSet(0);
    if (missing > 0) {
      console.note(missing + " lines left out: stderr is read too slowly");
    }
  }

  private void progress(long now) {
    JobEvent.Progressed progressed = latest;
    if (progressed == null) {
      return;
    }
    long counted = progressed.done() + progressed.failed();
    rate.sample(now, counted);
    if (now - startedNanos < SHORT_RUN_NANOS || now - lastNanos < intervalNanos) {
      return;
    }
    lastNanos = now;
    ProgressText text =
        new ProgressText(
            counted,
            progressed.failed(),
            progressed.items(),
            rate.perSecond(),
            progressed.nodes(),
            progressed.workers());
    if (console.terminal()) {
      console.bar(text.bar(console.columns()));
    } else {
      console.note(text.line());
    }
  }

  private void tell(JobEvent event) {
    if (event instanceof JobEvent.Started started) {
      console.note("run " + started.run().run());
    } else if (event instanceof JobEvent.Counted counted) {
      counted(counted);
    } else if (event instanceof JobEvent.Retried retried) {
      console.note("once more " + stretch(retried.interval()) + ": " + retried.why());
    } else if (event instanceof JobEvent.CutShort cut) {
      console.note(
          stretch(cut.given())
              + " taken back from node "
              + cut.node()
              + ", worker "
              + cut.worker()
              + ", for one that is idle");
    } else if (event instanceof JobEvent.DuplicateDropped duplicate) {
      console.note(
          "a second result for "
              + stretch(duplicate.interval())
              + " from node "
              + duplicate.node()
              + " is dropped");
    } else {
      NodeLines.of(event).ifPresent(line -> console.note(line + workers(event)));
    }
  }

  private static String workers(JobEvent event) {
    return event instanceof JobEvent.NodeJoined joined
        ? ", " + Figures.counted(joined.node().slots(), "worker")
        : "";
  }

  private void counted(JobEvent.Counted counted) {
    String where =
        " on node "
            + counted.node().name()
            + ", pid "
            + counted.node().pid()
            + ", worker "
            + counted.worker();
    Interval interval = counted.interval();
    if (plan.kind() instanceof MapKind<?>) {
      for (long index = interval.from(); index < interval.to(); index++) {
        console.note(stretch(new Interval(index, index + 1)) + where);
      }
    } else {
      console.note(stretch(interval) + where);
    }
  }

  private String stretch(Interval interval) {
    return plan.spec().kind() + " " + Stretch.of(plan.spec().numbers(), interval);
  }
}
