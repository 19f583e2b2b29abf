package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.divvy.job.JobKind;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.Payload;
import io.divvy.protocol.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComputerTest {
  private final ConcurrentLinkedQueue<Outbox.Batch> batches = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Durations> rests = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Throwable> broken = new AtomicReference<>();
  private final Computer computer =
      new Computer("divvy-worker-test", System::nanoTime, broken::set);

  @BeforeEach
  void start() {
    computer.start();
  }

  @AfterEach
  void leave() {
    computer.leave();
  }

  @Test
  void computesOnItsOwnThread() {
    AtomicReference<String> name = new AtomicReference<>();
    Stint stint =
        begin(
            new Sample.Each(
                (number, work) -> {
                  name.set(Thread.currentThread().getName());
                  return number;
                }));
    computer.compute(stint, task(1, 0, 1));
    await().until(() -> "divvy-worker-test".equals(name.get()));
  }

  @Test
  void sendsTheResultsOfTheLastTaskAtOnceAndGathersWhileOthersWait() throws InterruptedException {
    CountDownLatch open = new CountDownLatch(1);
    Stint stint =
        begin(
            new Sample.Each(
                (number, work) -> {
                  open.await();
                  return number;
                }));
    for (int i = 0; i < 50; i++) {
      computer.compute(stint, task(i, i, i + 1));
    }
    open.countDown();
    await().until(() -> results().size() == 50);
    assertThat(batches).hasSizeLessThan(25);
    assertThat(results()).extracting(Result::attempt).isSorted();
  }

  @Test
  void isQuietAfterEverythingBeforeTheEnd() {
    Stint stint = begin(new Sample.Each((number, work) -> number));
    computer.compute(stint, task(1, 0, 3));
    computer.end(stint);
    await().until(() -> !rests.isEmpty());
    assertThat(results()).extracting(Result::interval).containsExactly(new Interval(0, 3));
  }

  @Test
  void accountsForEveryNanosecondOfAGrant() {
    long granted = System.nanoTime();
    Stint stint = begin(new Sample.Each((number, work) -> number));
    for (int i = 0; i < 20; i++) {
      computer.compute(stint, task(i, i, i + 1));
    }
    computer.end(stint);
    await().until(() -> !rests.isEmpty());
    long span =
        results().stream().mapToLong(result -> result.durations().span()).sum()
            + rests.element().span();
    assertThat(span).isPositive().isLessThanOrEqualTo(System.nanoTime() - granted);
    assertThat(results().get(19).durations().queued()).isPositive();
  }

  @Test
  void cancellingWakesAnItemAndDropsTheRest() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Boolean> told = new AtomicReference<>();
    Stint stint =
        begin(
            new Sample.Each(
                (number, work) -> {
                  begun.countDown();
                  try {
                    Thread.sleep(60_000);
                  } finally {
                    told.set(work.cancelled());
                  }
                  return number;
                }));
    computer.compute(stint, task(1, 0, 3));
    computer.compute(stint, task(2, 3, 6));
    begun.await();
    computer.end(stint);
    computer.cancel(stint);
    await().until(() -> !rests.isEmpty());
    assertThat(results()).isEmpty();
    assertThat(told).hasValue(true);
  }

  @Test
  void theInterruptOfACancelledStintDoesNotReachTheNext() {
    for (int round = 0; round < 200; round++) {
      batches.clear();
      Stint first = begin(new Sample.Each((number, work) -> number));
      computer.compute(first, task(1, 0, 1));
      computer.cancel(first);
      Stint second =
          begin(new Sample.Each((number, work) -> Thread.currentThread().isInterrupted() ? 1 : 0));
      computer.compute(second, task(2, 0, 1));
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> results().stream().anyMatch(result -> result.attempt() == 2));
      Result last = results().get(results().size() - 1);
      assertThat(new Payload.Reader(last.payload()).item().value()).containsExactly(0);
    }
  }

  @Test
  void saysThatItIsBrokenWhenTheHeapIsExhausted() {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    AtomicReference<Throwable> uncaught = new AtomicReference<>();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.set(thrown));
    try {
      Stint stint =
          begin(
              new Sample.Each(
                  (number, work) -> {
                    throw new OutOfMemoryError("told so");
                  }));
      computer.compute(stint, task(1, 0, 1));
      await().dontCatchUncaughtExceptions().until(() -> uncaught.get() instanceof OutOfMemoryError);
      assertThat(broken.get()).isSameAs(uncaught.get());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private Stint begin(JobKind kind) {
    Outbox outbox = new Outbox(Sample.SETTINGS, batches::add, () -> {});
    Stint stint =
        new Stint(
            kind,
            Sample.job(kind, 1_000),
            Sample.SETTINGS,
            0,
            System.nanoTime(),
            outbox,
            rests::add);
    computer.begin(stint);
    return stint;
  }

  private List<Result> results() {
    return batches.stream().flatMap(batch -> batch.results().stream()).toList();
  }

  private static Task task(long attempt, long from, long to) {
    return new Task(attempt, new Interval(from, to), 1, System.nanoTime());
  }
}
