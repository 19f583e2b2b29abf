package io.divvy.node.model;

import io.divvy.config.DivvySettings;
import io.divvy.coordinator.Halt;
import io.divvy.coordinator.Restored;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.ItemFailure;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.account.Account;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.ledger.IntervalSet;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.coordinator.merge.Merge;
import io.divvy.coordinator.merge.Merge.Merged;
import io.divvy.coordinator.merge.Merge.Origin;
import io.divvy.coordinator.merge.Merges;
import io.divvy.node.download.transfer.Fetcher;
import io.divvy.node.download.transfer.Fetchers;
import io.divvy.node.hardware.PeakMemory;
import io.divvy.node.worker.Computation;
import io.divvy.node.worker.Computing;
import io.divvy.node.worker.InHand;
import io.divvy.node.worker.LimitedComputation;
import io.divvy.node.worker.ThreadClock;
import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.Result;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The baseline: one plain thread of this JVM computes all items in order. No actors, no messages,
 * nothing to start.
 */
final class SequentialFleet implements Fleet {

  private static final String SLOT = "1";
  private static final long PROGRESS_NANOS = 200_000_000;

  /** How long an item has to listen when the run is to end, as those of workers do. */
  private static final long DEAF_NANOS = 500_000_000;

  private static final long LOOK_MILLIS = 50;

  private final DivvySettings settings;
  private final NodeInfo node;
  private final Path scratch;
  private final PeakMemory memory;
  private final Fetchers fetchers;
  private volatile @Nullable SequentialDownload downloading;
  private volatile @Nullable Merge merging;
  private volatile boolean interrupted;
  private volatile Thread computing = Thread.currentThread();

  SequentialFleet(
      DivvySettings settings, NodeInfo node, PeakMemory memory, Path scratch, Fetchers fetchers) {
    this.fetchers = fetchers;
    this.settings = settings;
    this.node = node;
    this.scratch = scratch;
    this.memory = memory;
    memory.watch(node.pid());
  }

  @Override
  public Model model() {
    return Model.SEQUENTIAL;
  }

  @Override
  public double startSeconds() {
    return 0;
  }

  @Override
  public RunOutcome run(RunPlan plan, ItemSink sink, Keeper keeper, Consumer<JobEvent> listener)
      throws IOException, InterruptedException {
    try (Merge merge =
        Verifying.of(
            Merges.of(plan.kind(), plan.spec().count(), sink, settings.merge(), scratch),
            plan,
            keeper.run())) {
      merging = merge;
      Restored restored = Restored.from(keeper, merge, plan.kind(), plan.spec());
      memory.begin();
      return Verifying.outcome(
          new Run(plan, merge, new Kept(keeper), listener, restored).lead(), merge);
    } finally {
      memory.end();
    }
  }

  @Override
  public DownloadOutcome download(
      DownloadSpec spec, Limits limits, Ends ends, Consumer<JobEvent> listener)
      throws IOException, InterruptedException {
    computing = Thread.currentThread();
    RunKey key = RunKey.random();
    try (Fetcher fetcher = fetchers.open(key, spec)) {
      SequentialDownload download =
          new SequentialDownload(node, limits, fetcher, ends, listener, () -> interrupted);
      downloading = download;
      memory.begin();
      return download.run(key);
    } finally {
      memory.end();
      downloading = null;
      Thread.interrupted();
    }
  }

  @Override
  public void interrupt() {
    interrupted = true;
    Verifying.stop(merging);
    SequentialDownload download = downloading;
    if (download != null) {
      download.interrupt();
    }
    computing.interrupt();
  }

  @Override
  public long peakMemoryBytes() {
    return memory.bytes();
  }

  @Override
  public void close() {}

  /**
   * One run. A thread of its own computes all of it, and the one that calls only waits: it goes on
   * without the other when an item does not end although the run is to. What both use is guarded by
   * this.
   */
  private final class Run {
    private final RunPlan plan;
    private final Merge merge;
    private final Kept kept;
    private final Consumer<JobEvent> listener;
    private final Restored restored;
    private final Thread worker = new Thread(this::work, "divvy-sequential");
    private final Account account = new Account();
    private final List<ItemFailure> failures = new ArrayList<>();
    private final Queue<Again> again = new ArrayDeque<>();
    private final IntervalSet settled = new IntervalSet();
    private long done;
    private long failed;
    private long failedBefore;
    private long retried;
    private long toldAt;
    private volatile boolean halted;
    private long abandoned;
    private boolean givenUp;
    private @Nullable Throwable failure;

    Run(RunPlan plan, Merge merge, Kept kept, Consumer<JobEvent> listener, Restored restored) {
      this.plan = plan;
      this.merge = merge;
      this.kept = kept;
      this.listener = listener;
      this.restored = restored;
      worker.setDaemon(true);
    }

    RunOutcome lead() throws IOException, InterruptedException {
      JobSpec job = plan.spec();
      failures.addAll(restored.failures());
      failed = failures.size();
      failedBefore = failed;
      done = restored.items() - failed;
      restored.done().forEach(interval -> settled.add(interval.from(), interval.to()));
      failures.forEach(failure -> settled.add(failure.index(), failure.index() + 1));
      listener.accept(new JobEvent.Started(kept.run(), job.count()));
      listener.accept(new JobEvent.NodeJoined(node));
      long startedAt = System.nanoTime();
      account.granted(SLOT, startedAt);
      listener.accept(new JobEvent.Granted());
      computing = worker;
      worker.start();
      boolean through = await();
      synchronized (this) {
        if (!through && worker.isAlive()) {
          giveUp();
        }
        rethrow();
        account.close(System.nanoTime());
        return outcome(startedAt);
      }
    }

    /** Waits for the thread that computes; once the run is to end, for a moment only. */
    private boolean await() {
      long since = -1;
      while (worker.isAlive()) {
        try {
          worker.join(LOOK_MILLIS);
        } catch (InterruptedException e) {
          interrupt(); // whoever is told so late means the run
        }
        long now = System.nanoTime();
        if (!interrupted) {
          continue;
        }
        since = since < 0 ? now : since;
        if (now - since >= DEAF_NANOS) {
          return false;
        }
      }
      return true;
    }

    /** From now on the thread that computes touches nothing that others use. */
    private synchronized void giveUp() {
      givenUp = true;
      account.released(SLOT, System.nanoTime(), true);
      InHand.of(worker)
          .ifPresent(
              hand -> {
                abandoned++;
                listener.accept(new JobEvent.Deaf(hand.text()));
              });
    }

    private synchronized void rethrow() throws IOException, InterruptedException {
      Throwable thrown = failure;
      if (thrown instanceof IOException io) {
        throw io;
      } else if (thrown instanceof InterruptedException e) {
        throw e;
      } else if (thrown instanceof RuntimeException e) {
        throw e;
      } else if (thrown instanceof Error e) {
        throw e;
      }
    }

    /** What the thread does. */
    private void work() {
      try (ThreadClock clock = ThreadClock.ofCurrentThread()) {
        compute(computing(clock));
      } catch (InterruptedException e) {
        if (!interrupted) {
          failed(e);
        }
      } catch (UncheckedIOException e) {
        Throwable cause = e.getCause();
        failed(cause == null ? e : cause);
      } catch (Throwable e) {
        failed(e);
      }
    }

    private synchronized void failed(Throwable thrown) {
      if (!givenUp) {
        failure = thrown;
      }
    }

    private void compute(Computing computation) throws InterruptedException {
      try {
        for (Interval open : restored.open(plan.spec().count())) {
          compute(computation, open, plan.care().retries());
        }
        for (Again next = next(); next != null; next = next()) {
          compute(computation, next.interval(), next.retriesLeft());
        }
      } finally {
        rests(computation.rest());
      }
    }

    private synchronized @Nullable Again next() {
      Again next = ending() ? null : again.poll();
      retried += next == null ? 0 : 1;
      return next;
    }

    private synchronized void rests(Durations rest) {
      if (!givenUp) {
        account.told(SLOT, rest, true);
      }
    }

    private RunOutcome outcome(long startedAt) throws IOException, InterruptedException {
      JobSpec job = plan.spec();
      Merged merged = merge.finish();
      double seconds = (System.nanoTime() - startedAt) / 1e9;
      long remaining = job.count() - done - failed;
      Status status =
          remaining > 0
              ? halted ? Status.HALTED : Status.INTERRUPTED
              : failures.isEmpty() ? Status.DONE : Status.FAILED_ITEMS;
      progress();
      listener.accept(new JobEvent.Finished(status.word(), seconds));
      return new RunOutcome(
          kept.run(),
          status,
          job.count(),
          done,
          failed,
          remaining,
          settled.gaps(0, job.count()),
          failures,
          merged.result(),
          merged.digest(),
          job.count() == 0 ? 0 : 1,
          retried,
          0,
          abandoned,
          List.of(),
          List.of(node),
          1,
          seconds,
          account.seconds(),
          -1,
          problem(status),
          null);
    }

    private Computing computing(ThreadClock clock) {
      Optional<Duration> limit = plan.care().itemTimeout();
      return limit.isEmpty()
          ? new Computation(plan.kind(), plan.spec(), settings.results(), clock)
          : new LimitedComputation(
              plan.kind(), plan.spec(), settings.results(), limit.get(), this::abandon);
    }

    private synchronized void abandon(Interval items) {
      if (givenUp) {
        return;
      }
      abandoned++;
      long first = plan.spec().numbers().at(items.from());
      String what = "item " + first + (items.size() > 1 ? " or one of those after it" : "");
      listener.accept(
          new JobEvent.ThreadAbandoned(
              node.name(), 1, what + " did not stop when its time was up"));
    }

    private @Nullable String problem(Status status) {
      return status == Status.HALTED
          ? Halt.reason(failed)
          : status == Status.INTERRUPTED ? "interrupted" : null;
    }

    private boolean ending() {
      return interrupted || halted;
    }

    private void compute(Computing computation, Interval interval, int retriesLeft)
        throws InterruptedException {
      computation.run(
          interval.from(),
          interval.to(),
          result -> {
            try {
              take(result, retriesLeft);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          this::ending);
    }

    private synchronized void take(Result result, int retriesLeft)
        throws IOException, InterruptedException {
      if (givenUp) {
        throw new InterruptedException("the run is over");
      }
      Result.Failure failure = result.failure();
      account.told(SLOT, result.durations(), failure == null || retriesLeft == 0);
      if (failure == null) {
        merge.add(result.interval(), result.payload(), new Origin(node.name(), 1));
        kept.counted(result.interval(), result.payload(), node.name());
        done += result.to() - result.from();
        settled.add(result.from(), result.to());
        listener.accept(new JobEvent.Counted(node, 1, result.interval(), result.durations()));
      } else if (retriesLeft > 0) {
        again.add(new Again(result.interval(), retriesLeft - 1));
        listener.accept(new JobEvent.Retried(result.interval(), failure.message()));
      } else {
        for (long index = result.from(); index < result.to(); index++) {
          fail(index, failure);
        }
        kept.failed(result.interval(), failure);
      }
      long now = System.nanoTime();
      if (now - toldAt >= PROGRESS_NANOS) {
        toldAt = now;
        progress();
      }
    }

    private void fail(long index, Result.Failure failure) throws IOException {
      merge.fail(index);
      failed++;
      settled.add(index, index + 1);
      halted |= failed - failedBefore >= plan.care().halt().limit(plan.spec().count());
      failures.add(new ItemFailure(index, failure.message(), failure.stackTrace()));
      listener.accept(new JobEvent.ItemFailed(index, failure.message(), failure.stackTrace()));
    }

    private void progress() {
      listener.accept(new JobEvent.Progressed(done, failed, plan.spec().count(), 1, 1));
    }
  }

  /** Failed items, and how often they may be tried again. */
  private record Again(Interval interval, int retriesLeft) {}
}
