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
import io.divvy.node.worker.LimitedComputation;
import io.divvy.node.worker.ThreadClock;
import io.divvy.protocol.DownloadSpec;
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
    computing = Thread.currentThread();
    try (ThreadClock clock = ThreadClock.ofCurrentThread();
        Merge merge =
            Verifying.of(
                Merges.of(plan.kind(), plan.spec().count(), sink, settings.merge(), scratch),
                plan,
                keeper.run())) {
      merging = merge;
      Restored restored = Restored.from(keeper, merge, plan.kind(), plan.spec());
      return Verifying.outcome(
          new Run(plan, merge, new Kept(keeper), listener).compute(clock, restored), merge);
    } finally {
      Thread.interrupted(); // of an interrupt() that came as the run ended
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
      DownloadOutcome outcome = download.run(key);
      memory.sample();
      return outcome;
    } finally {
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
  public void close() {
    memory.close();
  }

  /** One run on the thread that calls. */
  private final class Run {
    private final RunPlan plan;
    private final Merge merge;
    private final Kept kept;
    private final Consumer<JobEvent> listener;
    private final Account account = new Account();
    private final List<ItemFailure> failures = new ArrayList<>();
    private final Queue<Again> again = new ArrayDeque<>();
    private final IntervalSet settled = new IntervalSet();
    private long done;
    private long failed;
    private long failedBefore;
    private long retried;
    private long toldAt;
    private boolean halted;
    private long abandoned;

    Run(RunPlan plan, Merge merge, Kept kept, Consumer<JobEvent> listener) {
      this.plan = plan;
      this.merge = merge;
      this.kept = kept;
      this.listener = listener;
    }

    RunOutcome compute(ThreadClock clock, Restored restored)
        throws IOException, InterruptedException {
      JobSpec job = plan.spec();
      failures.addAll(restored.failures());
      failed = failures.size();
      failedBefore = failed;
      done = restored.items() - failed;
      restored.done().forEach(interval -> settled.add(interval.from(), interval.to()));
      failures.forEach(failure -> settled.add(failure.index(), failure.index() + 1));
      listener.accept(new JobEvent.Started(kept.run(), job.count()));
      listener.accept(new JobEvent.NodeJoined(node));
      Computing computation = computing(clock);
      long startedAt = System.nanoTime();
      account.granted(SLOT, startedAt);
      listener.accept(new JobEvent.Granted());
      try {
        for (Interval open : restored.open(job.count())) {
          compute(computation, open, plan.care().retries());
        }
        while (!again.isEmpty() && !ending()) {
          Again next = again.remove();
          retried++;
          compute(computation, next.interval(), next.retriesLeft());
        }
      } catch (InterruptedException e) {
        if (!interrupted) {
          throw e;
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      long endedAt = System.nanoTime();
      account.told(SLOT, computation.rest(), true);
      account.close(endedAt);
      Merged merged = merge.finish();
      memory.sample();
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

    private void abandon(Interval items) {
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

    private void take(Result result, int retriesLeft) throws IOException, InterruptedException {
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
