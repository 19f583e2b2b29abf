package io.divvy.node.model;

import io.divvy.config.ResultSettings;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.Verified;
import io.divvy.coordinator.merge.Merge;
import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.node.worker.Computation;
import io.divvy.node.worker.ThreadClock;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.Payload;
import io.divvy.protocol.Result;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes accepted results on to another merge, and has a thread of this JVM compute a sample of
 * them once more, to compare. When that thread is behind, the merge waits for it, so that no more
 * than a few samples are ever kept.
 */
final class Verifying implements Merge {
  private static final int WAITING = 64;

  /** A reduction computes a sample in one stretch, however long it takes. */
  private static final ResultSettings ONE_STRETCH =
      new ResultSettings(64 * 1024, 1024 * 1024, Duration.ofDays(365), Duration.ofSeconds(1));

  /** More differences than this are counted as items, but not listed. */
  private static final int MOST_LISTED = 1000;

  private static final long LOOK_MILLIS = 100;
  private static final long LAST_WORDS_MILLIS = 300;

  private static final Sample END = new Sample(new Interval(0, 0), new byte[0]);

  private final Merge merge;
  private final JobKind kind;
  private final JobSpec job;
  private final double share;
  private final long seed;
  private final BlockingQueue<Sample> samples = new ArrayBlockingQueue<>(WAITING);
  private final Thread thread = new Thread(this::work, "divvy-verify");
  private volatile boolean stopped;
  private long seen;
  private long covered;

  // Guarded by this.
  private final List<Interval> differing = new ArrayList<>();
  private long items;

  /** What was accepted: the value of an item, or the payload of a stretch of a reduction. */
  private record Sample(Interval interval, byte[] value) {}

  /** The merge of a plan: it verifies if the plan says so. */
  static Merge of(Merge merge, RunPlan plan, RunKey key) {
    double share = plan.care().verify();
    return share > 0
        ? new Verifying(merge, plan.kind(), plan.spec(), share, key.run().hashCode())
        : merge;
  }

  /** The outcome of a run with this merge, with what was verified. */
  static RunOutcome outcome(RunOutcome outcome, Merge merge) {
    return merge instanceof Verifying verifying ? outcome.with(verifying.verified()) : outcome;
  }

  /** The run with this merge is to end: what was not verified by now is not verified. */
  static void stop(@Nullable Merge merge) {
    if (merge instanceof Verifying verifying) {
      verifying.stop();
    }
  }

  /**
   * A merge that verifies.
   *
   * @param share of the items to compute again, above 0 and at most 1
   * @param seed chooses the sample
   */
  Verifying(Merge merge, JobKind kind, JobSpec job, double share, long seed) {
    this.merge = merge;
    this.kind = kind;
    this.job = job;
    this.share = share;
    this.seed = seed;
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void add(Interval interval, byte[] payload, Origin origin) throws IOException {
    merge.add(interval, payload, origin);
    if (!(kind instanceof MapKind<?>)) {
      sample(interval, payload);
      return;
    }
    Payload.Reader reader = new Payload.Reader(payload);
    for (long index = interval.from(); index < interval.to(); index++) {
      byte[] value = reader.item().value();
      sample(new Interval(index, index + 1), value);
    }
  }

  private void sample(Interval interval, byte[] value) {
    seen += interval.size();
    double missing = share * seen - covered;
    // The first is always one of them: a small run is verified too. After that what is missing
    // decides, rounded by chance: results differ in size, and there may be few of them.
    if (covered > 0 && missing < interval.size() * unit(interval.from())) {
      return;
    }
    covered += interval.size();
    put(new Sample(interval, value));
  }

  private void put(Sample sample) {
    try {
      while (!stopped && !samples.offer(sample, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        // The thread is behind; the run waits for it.
      }
    } catch (InterruptedException e) {
      stop(); // whoever interrupts ends the run
    }
  }

  /** Even over [0, 1), and the same for the same seed and index. */
  private double unit(long index) {
    long hash = seed + index * 0x9e3779b97f4a7c15L;
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return ((hash ^ (hash >>> 31)) >>> 11) * 0x1.0p-53;
  }

  @Override
  public void fail(long index) throws IOException {
    merge.fail(index);
  }

  @Override
  public Merged finish() throws IOException {
    put(END);
    awaitThread();
    return merge.finish();
  }

  /** Until the sample is verified, or the run is to end: then not much longer. */
  private void awaitThread() {
    try {
      while (thread.isAlive() && !stopped) {
        thread.join(LOOK_MILLIS);
      }
      thread.join(LAST_WORDS_MILLIS);
    } catch (InterruptedException e) {
      stop(); // whoever interrupts ends the run
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    merge.close();
  }

  /** Computes no more: what was not verified by now is not verified. */
  void stop() {
    stopped = true;
    thread.interrupt();
  }

  /** What came of it, once the merge is finished. */
  synchronized Verified verified() {
    return new Verified(items, differing);
  }

  private void work() {
    try (ThreadClock clock = ThreadClock.ofCurrentThread()) {
      for (Sample next = samples.take();
          !next.interval().isEmpty() && !stopped;
          next = samples.take()) {
        boolean same = Arrays.equals(next.value(), again(next.interval(), clock));
        if (stopped) {
          return;
        }
        note(next.interval(), same);
      }
    } catch (InterruptedException e) {
      // Nobody waits for the rest.
    }
  }

  private synchronized void note(Interval interval, boolean same) {
    items += interval.size();
    if (!same && differing.size() < MOST_LISTED) {
      differing.add(interval);
    }
  }

  /** The value once more; null when it has none this time. */
  private byte @Nullable [] again(Interval interval, ThreadClock clock)
      throws InterruptedException {
    if (kind instanceof MapKind<?> map) {
      return value(map, job.numbers().at(interval.from()));
    }
    List<Result> results = new ArrayList<>();
    new Computation(kind, job, ONE_STRETCH, clock)
        .run(interval.from(), interval.to(), results::add, () -> stopped);
    return results.size() == 1 && results.get(0).failure() == null
        ? results.get(0).payload()
        : null;
  }

  private <V> byte @Nullable [] value(MapKind<V> map, long number) throws InterruptedException {
    try {
      return map.codec().encode(map.apply(number, () -> stopped));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | StackOverflowError e) {
      return null; // it had a value the first time
    }
  }
}
