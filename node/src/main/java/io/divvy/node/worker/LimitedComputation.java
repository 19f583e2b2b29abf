package io.divvy.node.worker;

import io.divvy.config.ResultSettings;
import io.divvy.job.JobKind;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes one item after the other, none for longer than a limit. A thread beside the caller's
 * computes, so that an item that does not stop can be left to itself with its thread.
 */
public final class LimitedComputation implements Computing {
  private static final int RESULTS_WAITING = 16;
  private static final long LAST_WORDS_MILLIS = 500;

  private final JobKind kind;
  private final JobSpec job;
  private final ResultSettings settings;
  private final long limitNanos;
  private final long block;
  private final Consumer<Interval> abandoned;
  private Durations rest = Durations.ZERO;

  /**
   * @param limit for each item, or block of a reduction
   * @param abandoned told which items a thread was given up for
   */
  public LimitedComputation(
      JobKind kind,
      JobSpec job,
      ResultSettings settings,
      Duration limit,
      Consumer<Interval> abandoned) {
    this.kind = kind;
    this.job = job;
    this.settings = settings;
    this.limitNanos = limit.toNanos();
    this.block = Computation.block(kind);
    this.abandoned = abandoned;
  }

  /** What the computing thread says: a result, or that it is through, and what ended it. */
  private record Word(@Nullable Result result, Durations rest, @Nullable Throwable thrown) {}

  /** A thread with one task. */
  private final class Helper {
    private final TimeLimit limit = new TimeLimit(limitNanos);
    private final BlockingQueue<Word> words = new ArrayBlockingQueue<>(RESULTS_WAITING);
    private final Thread thread;

    Helper(Task task, BooleanSupplier cancelled) {
      this.thread = new Thread(() -> work(task, cancelled), "divvy-sequential");
      this.thread.setDaemon(true);
    }

    private void work(Task task, BooleanSupplier cancelled) {
      Throwable thrown = null;
      Durations left = Durations.ZERO;
      try (ThreadClock own = ThreadClock.ofCurrentThread()) {
        SlotClock clock = new SlotClock(System::nanoTime, own, System.nanoTime());
        Computation computation = new Computation(kind, job, settings, clock, limit);
        computation.run(task, result -> say(new Word(result, Durations.ZERO, null)), cancelled);
        left = computation.rest();
      } catch (TimeLimit.GivenUp e) {
        return;
      } catch (InterruptedException e) {
        // Cancelled while it waited to be heard.
      } catch (Throwable e) {
        thrown = e;
      }
      try {
        say(new Word(null, left, thrown));
      } catch (InterruptedException e) {
        // Nobody listens any more.
      }
    }

    private void say(Word word) throws InterruptedException {
      words.put(word);
    }
  }

  @Override
  public void run(long from, long to, Computation.Sink sink, BooleanSupplier cancelled)
      throws InterruptedException {
    Deque<Task> tasks = new ArrayDeque<>();
    tasks.add(task(from, to));
    while (!tasks.isEmpty() && !cancelled.getAsBoolean()) {
      Task task = tasks.remove();
      Helper helper = new Helper(task, cancelled);
      helper.thread.start();
      try {
        Optional<TimeLimit.Call> givenUp = listen(helper, sink);
        if (givenUp.isPresent()) {
          goOn(givenUp.get(), helper.limit.failure(), sink, tasks);
        }
      } catch (InterruptedException e) {
        lastWords(helper, sink);
        throw e;
      }
    }
  }

  @Override
  public Durations rest() {
    return rest;
  }

  private Task task(long from, long to) {
    return new Task(0, new Interval(from, to), block, System.nanoTime());
  }

  /** Passes on what the helper says until it is through, or given up for what it does not end. */
  private Optional<TimeLimit.Call> listen(Helper helper, Computation.Sink sink)
      throws InterruptedException {
    long wait = limitNanos;
    while (true) {
      Word word = helper.words.poll(wait, TimeUnit.NANOSECONDS);
      if (word == null) {
        TimeLimit.Look look = helper.limit.look(System.nanoTime(), helper.thread);
        if (look.givenUp().isPresent()) {
          // All that it said before is there: it says nothing while it computes.
          for (Word last = helper.words.poll(); last != null; last = helper.words.poll()) {
            hear(last, sink);
          }
          return look.givenUp();
        }
        wait = look.again();
      } else if (hear(word, sink)) {
        return Optional.empty();
      }
    }
  }

  /** Answers whether that was the last word. */
  private boolean hear(Word word, Computation.Sink sink) throws InterruptedException {
    rest = word.rest();
    if (word.result() != null) {
      sink.accept(word.result());
      return false;
    }
    if (word.thrown() != null) {
      throw new IllegalStateException("the computing thread died", word.thrown());
    }
    return true;
  }

  private void goOn(
      TimeLimit.Call call, Result.Failure failure, Computation.Sink sink, Deque<Task> tasks)
      throws InterruptedException {
    Interval slice = call.slice();
    abandoned.accept(slice);
    tasks.addFirst(call.task());
    if (slice.size() > block) {
      call.task().giveBack(call.unsent(), slice.to());
      return;
    }
    if (call.unsent() < slice.from()) {
      tasks.addFirst(task(call.unsent(), slice.from())); // lost with the thread
    }
    Durations took = new Durations(0, 0, System.nanoTime() - call.lapAt(), 0, 0, 0, 0, 0);
    sink.accept(
        new Result(0, slice.from(), slice.to(), slice.to(), new byte[0], true, failure, took));
  }

  /** The caller is to stop: what is computed already still counts. */
  private void lastWords(Helper helper, Computation.Sink sink) throws InterruptedException {
    helper.thread.interrupt();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORDS_MILLIS);
    Word word = helper.words.poll(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    while (word != null && !hear(word, sink)) {
      word = helper.words.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }
}
