package io.divvy.node.boot;

import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.actor.SchedulerException;
import org.apache.pekko.actor.SchedulerTask;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * The timers of an actor system, on a thread that sleeps until the next of them is due.
 *
 * <p>Pekko's own scheduler is made for very many timers and wakes up at every tick, whether any is
 * due or not. Here there are few, and each waking takes time from what computes on this machine. So
 * timers of a second and more may be {@value #GRID_MILLIS} ms late, to be due together with others.
 */
public final class TicklessScheduler extends AbstractScheduler implements Closeable {

  /** What Pekko asks for to see whether timers are fine enough; these are not rounded at all. */
  private static final double PER_SECOND = 1000;

  private static final long GRID_MILLIS = 128;
  private static final long GRID = TimeUnit.MILLISECONDS.toNanos(GRID_MILLIS);
  private static final long COARSE = TimeUnit.SECONDS.toNanos(1);

  private final ScheduledThreadPoolExecutor timers;
  private final Set<Once> atTheLatestAtTheEnd = ConcurrentHashMap.newKeySet();

  /** Called by Pekko, which knows this class by its name in the settings. */
  public TicklessScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    this.timers = new ScheduledThreadPoolExecutor(1, threads);
    timers.setRemoveOnCancelPolicy(true);
    timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public double maxFrequency() {
    return PER_SECOND;
  }

  /**
   * Runs the task once.
   *
   * @throws IllegalStateException when the scheduler is closed
   */
  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    Once once = new Once(task, executor);
    once.begin(delay.toNanos());
    return once;
  }

  /**
   * Runs the task again and again. What is asked for here is a rate, and nobody asks for one; it is
   * a delay that is kept, so what is late once is late from then on.
   */
  @Override
  @SuppressWarnings("deprecation") // for callers; a scheduler has to have it
  public Cancellable schedule(
      FiniteDuration delay, FiniteDuration interval, Runnable task, ExecutionContext executor) {
    return scheduleWithFixedDelay(delay, interval, task, executor);
  }

  /** How many nanoseconds to wait from {@code now} for what is due after {@code delay}. */
  static long untilDue(long now, long delay) {
    if (delay < COARSE) {
      return Math.max(0, delay);
    }
    long least = Math.min(delay, Long.MAX_VALUE - GRID);
    return least + Math.floorMod(-(now + least), GRID);
  }

  /** What has to happen before the system is gone happens now; all other timers are dropped. */
  @Override
  public void close() {
    timers.shutdown();
    atTheLatestAtTheEnd.forEach(Once::runHere);
  }

  /** What stands in the place of a task that was taken. */
  private enum Taken implements Runnable {
    TO_RUN,
    CANCELLED;

    @Override
    public void run() {}
  }

  /** A task that is run or cancelled, but not both. */
  private final class Once implements Cancellable, Runnable {
    private final AtomicReference<Runnable> task;
    private final ExecutionContext executor;
    private volatile @Nullable Future<?> waiting;

    Once(Runnable task, ExecutionContext executor) {
      this.task = new AtomicReference<>(task);
      this.executor = executor;
    }

    void begin(long nanos) {
      if (task.get() instanceof Scheduler.TaskRunOnClose) {
        atTheLatestAtTheEnd.add(this);
      }
      try {
        long wait = untilDue(System.nanoTime(), nanos);
        waiting = timers.schedule(this, wait, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        take(Taken.CANCELLED);
        // Pekko ends its own repeated timers quietly when it finds this cause.
        SchedulerException closed = new SchedulerException("cannot enqueue after timer shutdown");
        throw new IllegalStateException(closed.getMessage(), closed);
      }
    }

    /** The task, for whoever comes first; null for all others. */
    private @Nullable Runnable take(Taken how) {
      Runnable taken = task.getAndUpdate(now -> now instanceof Taken ? now : how);
      atTheLatestAtTheEnd.remove(this);
      return taken instanceof Taken ? null : taken;
    }

    @Override
    public void run() {
      Runnable taken = take(Taken.TO_RUN);
      if (taken != null) {
        hand(taken);
      }
    }

    private void hand(Runnable work) {
      try {
        executor.execute(work);
      } catch (RuntimeException e) {
        executor.reportFailure(e); // its dispatcher has ended, say; the other timers go on
      }
    }

    void runHere() {
      Runnable taken = take(Taken.TO_RUN);
      if (taken != null) {
        taken.run();
      }
    }

    @Override
    public boolean cancel() {
      Runnable taken = take(Taken.CANCELLED);
      Future<?> future = waiting;
      if (future != null) {
        future.cancel(false);
      }
      if (taken instanceof SchedulerTask told) {
        hand(told::cancelled);
      }
      return taken != null;
    }

    @Override
    public boolean isCancelled() {
      return task.get() == Taken.CANCELLED;
    }
  }
}
