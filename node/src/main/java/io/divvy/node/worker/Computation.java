package io.divvy.node.worker;

import io.divvy.config.ResultSettings;
import io.divvy.job.JobKind;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.Result;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes the items of one job, stretch by stretch, into the bytes that travel. Knows no actors:
 * the model {@code sequential} calls {@link #run(long, long, Sink, BooleanSupplier)} on a plain
 * thread. Used by one thread, the one that made it.
 *
 * <p>A stretch ends, and its result goes to the sink, when its payload is large enough for a
 * message, when it lasted for the flush interval, before a failed item, and with the task. Between
 * two stretches of one task nothing is left out. What a function throws fails its item and no
 * other: of a reduction, which computes many items in one call, the slice is computed again block
 * by block.
 */
public final class Computation implements Computing {

  /** Takes the results of one task, in order. May make the computation wait. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes the next result.
     *
     * @param result its payload may be larger than a message; {@code last} is always true
     */
    void accept(Result result) throws InterruptedException;
  }

  private final Values values;
  private final JobSpec job;
  private final long block;
  private final SlotClock clock;
  private final TimeLimit limit;
  private final int partBytes;
  private final long flushNanos;

  /** The computation of a plain thread; its clock runs from now on. */
  public Computation(JobKind kind, JobSpec job, ResultSettings settings, ThreadClock thread) {
    this(
        kind,
        job,
        settings,
        new SlotClock(System::nanoTime, thread, System.nanoTime()),
        new TimeLimit(0));
  }

  Computation(
      JobKind kind, JobSpec job, ResultSettings settings, SlotClock clock, TimeLimit limit) {
    this.values = Values.of(kind, job, clock, limit);
    this.limit = limit;
    this.job = job;
    this.block = block(kind);
    this.clock = clock;
    this.partBytes = settings.partBytes();
    this.flushNanos = settings.flushInterval().toNanos();
  }

  /** What is never cut apart: the kind's block, 1 for a map kind. */
  static long block(JobKind kind) {
    return kind instanceof ReduceKind<?> reduction ? reduction.block() : 1;
  }

  @Override
  public void run(long from, long to, Sink sink, BooleanSupplier cancelled)
      throws InterruptedException {
    run(new Task(0, new Interval(from, to), block, clock.now()), sink, cancelled);
  }

  @Override
  public Durations rest() {
    return clock.lap(0);
  }

  TimeLimit limit() {
    return limit;
  }

  void run(Task task, Sink sink, BooleanSupplier cancelled) throws InterruptedException {
    InHand hand = InHand.begin(job);
    try {
      run(task, sink, cancelled, hand);
    } finally {
      InHand.end();
    }
  }

  private void run(Task task, Sink sink, BooleanSupplier cancelled, InHand hand)
      throws InterruptedException {
    values.clear(); // the task before this one may have been cancelled
    Work work = () -> cancelled.getAsBoolean() || limit.isLate();
    Stretch stretch = new Stretch(task, sink);
    while (!cancelled.getAsBoolean()) {
      Interval slice = task.claim(values.blocksAtOnce());
      if (slice.isEmpty()) {
        stretch.flush(slice.from());
        return;
      }
      long computedAt = 0;
      Throwable thrown = null;
      try {
        hand.take(slice);
        if (limit.isSet()) {
          limit.begin(new TimeLimit.Call(task, slice, stretch.from, clock.lapAt()), clock.now());
        }
        computedAt = values.compute(slice, work);
      } catch (TimeLimit.GivenUp e) {
        throw e;
      } catch (Throwable e) {
        thrown = ofTheItem(e);
      }
      Thread.interrupted(); // a function may leave its thread interrupted; the next is not meant
      if (cancelled.getAsBoolean()) {
        return;
      }
      if (thrown == null) {
        stretch.flushIfDue(slice.to(), computedAt);
      } else if (slice.size() > block) {
        task.giveBack(slice.from(), slice.to());
      } else {
        stretch.flush(slice.from());
        stretch.fail(slice.to(), thrown);
      }
    }
  }

  private static Throwable ofTheItem(Throwable thrown) {
    if (thrown instanceof VirtualMachineError error && !Failures.isOfTheItem(thrown)) {
      throw error;
    }
    return thrown;
  }

  /** The items of one task computed since its last result. */
  private final class Stretch {
    private final Task task;
    private final Sink sink;
    private long from;
    private long openedAt = clock.now();
    private long queued;

    Stretch(Task task, Sink sink) {
      this.task = task;
      this.sink = sink;
      this.from = task.claimed();
      this.queued = openedAt - task.heardAt();
    }

    void flushIfDue(long to, long now) throws InterruptedException {
      if (values.bytes() >= partBytes || now - openedAt >= flushNanos) {
        flush(to);
      }
    }

    void flush(long to) throws InterruptedException {
      if (to == from) {
        return;
      }
      byte[] payload;
      try {
        payload = values.take(from / block, to / block + (to % block == 0 ? 0 : 1));
      } catch (Throwable e) {
        // The value of a reduction has no bytes, and so none of its items counts.
        Throwable thrown = ofTheItem(e);
        values.clear();
        fail(to, thrown);
        return;
      }
      send(to, payload, null);
    }

    void fail(long to, Throwable thrown) throws InterruptedException {
      send(to, new byte[0], Failures.of(thrown));
    }

    private void send(long to, byte[] payload, Result.@Nullable Failure failure)
        throws InterruptedException {
      Result result =
          new Result(
              task.attempt(), from, to, task.end(), payload, true, failure, clock.lap(queued));
      from = to;
      queued = 0;
      sink.accept(result);
      openedAt = clock.now();
    }
  }
}
