package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.config.ResultSettings;
import io.divvy.job.Codec;
import io.divvy.job.JobKind;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.Payload;
import io.divvy.protocol.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ComputationTest {
  private final List<Result> results = new ArrayList<>();

  @Test
  void sendsTheValuesOfAMapKindInOrder() throws InterruptedException {
    run(new Sample.Each((number, work) -> number * number), 3, 7);
    assertThat(results).hasSize(1);
    assertThat(results.get(0).interval()).isEqualTo(new Interval(3, 7));
    assertThat(values(results.get(0))).containsExactly(9L, 16L, 25L, 36L);
  }

  @Test
  void formatsLinesOnlyWhenSomebodyReadsThem() throws InterruptedException {
    JobKind kind = new Sample.Each((number, work) -> number);
    JobSpec job = Sample.job(kind, 2, new JobSpec.Wanted(true, true));
    computation(kind, job, Sample.SETTINGS).run(1, 2, results::add, () -> false);
    run(kind, 1, 2);
    assertThat(results)
        .extracting(result -> new Payload.Reader(result.payload()).item().line())
        .containsExactly("1", null);
  }

  @Test
  void computesTheNumbersAtTheIndices() throws InterruptedException {
    JobKind kind = new Sample.Each((number, work) -> number);
    JobSpec odd =
        new JobSpec("each", "", java.util.Map.of(), 9, -2, 5, new JobSpec.Wanted(false, false));
    computation(kind, odd, Sample.SETTINGS).run(1, 4, results::add, () -> false);
    assertThat(values(results.get(0))).containsExactly(7L, 5L, 3L);
  }

  @Test
  void sendsAsSoonAsThePayloadIsLargeEnough() throws InterruptedException {
    run(new Sample.Bytes(30_000), 0, 7);
    assertThat(results)
        .extracting(Result::interval)
        .containsExactly(new Interval(0, 3), new Interval(3, 6), new Interval(6, 7));
  }

  @Test
  void sendsAtTheFlushIntervalHoweverLittleThereIs() throws InterruptedException {
    ResultSettings eager =
        new ResultSettings(64_000, 1_000_000, Duration.ofMillis(1), Duration.ofSeconds(1));
    JobKind kind =
        new Sample.Each(
            (number, work) -> {
              Thread.sleep(2);
              return number;
            });
    computation(kind, Sample.job(kind, 3), eager).run(0, 3, results::add, () -> false);
    assertThat(results).extracting(Result::end).containsExactly(3L, 3L, 3L);
    assertThat(results).extracting(Result::to).containsExactly(1L, 2L, 3L);
  }

  @Test
  void folds() throws InterruptedException {
    run(new Sample.Adding((number, work) -> number, 1), 0, 1_000_000);
    assertThat(results).hasSize(1);
    assertThat(parts()).hasSize(1);
    assertThat(parts().get(0).blocks()).isEqualTo(1_000_000);
    assertThat(Codec.longs().decode(parts().get(0).value())).isEqualTo(499_999_500_000L);
  }

  @Test
  void combinesBlocksOfAnInexactKindByTheTreeOverTheBlockIndex() throws InterruptedException {
    run(new Sample.Folding(10), 10, 75);
    assertThat(parts())
        .extracting(Payload.Part::firstBlock, Payload.Part::blocks, part -> text(part))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1L, 1L, "10-19"),
            org.assertj.core.groups.Tuple.tuple(2L, 2L, "(20-29 30-39)"),
            org.assertj.core.groups.Tuple.tuple(4L, 4L, "((40-49 50-59) (60-69 70-74))"));
  }

  @Property(tries = 100)
  void anInexactKindIsFoldedTheSameWayHoweverItIsCut(
      @ForAll @IntRange(min = 1, max = 60) int blocks, @ForAll @IntRange(max = 60) int cut)
      throws InterruptedException {
    results.clear();
    JobKind kind = new Sample.Folding(1);
    long middle = Math.min(cut, blocks);
    Computation computation = computation(kind, Sample.job(kind, blocks), Sample.SETTINGS);
    computation.run(0, middle, results::add, () -> false);
    computation.run(middle, blocks, results::add, () -> false);
    assertThat(parts())
        .allSatisfy(
            part -> {
              assertThat(Long.bitCount(part.blocks())).isEqualTo(1);
              assertThat(part.firstBlock() % part.blocks()).isZero();
              assertThat(text(part)).isEqualTo(whole(part.firstBlock(), part.blocks()));
            });
    assertThat(parts().stream().mapToLong(Payload.Part::blocks).sum()).isEqualTo(blocks);
  }

  @Test
  void failsTheItemThatThrowsAndNoOther() throws InterruptedException {
    run(
        new Sample.Each(
            (number, work) -> {
              if (number == 2) {
                throw new IllegalStateException("not two");
              }
              return number;
            }),
        0,
        5);
    assertThat(results)
        .extracting(Result::interval)
        .containsExactly(new Interval(0, 2), new Interval(2, 3), new Interval(3, 5));
    assertThat(failureOf(1)).isEqualTo("java.lang.IllegalStateException: not two");
    assertThat(values(results.get(2))).containsExactly(3L, 4L);
    assertThat(results.get(1).payload()).isEmpty();
  }

  @Test
  void survivesAnExhaustedStack() throws InterruptedException {
    run(new Sample.Each((number, work) -> number == 0 ? depth(0) : number), 0, 2);
    assertThat(failureOf(0)).isEqualTo("java.lang.StackOverflowError");
    assertThat(values(results.get(1))).containsExactly(1L);
  }

  @Test
  void doesNotSurviveAnExhaustedHeap() {
    JobKind kind =
        new Sample.Each(
            (number, work) -> {
              throw new OutOfMemoryError("told so");
            });
    assertThatThrownBy(() -> run(kind, 0, 1)).isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void narrowsAFailureOfAReductionDownToItsBlock() throws InterruptedException {
    Sample.Function function =
        (number, work) -> {
          if (number == 70_001) {
            throw new IllegalStateException("not that");
          }
          return 1;
        };
    run(new Sample.Adding(function, 10), 0, 100_000);
    assertThat(results)
        .extracting(Result::interval)
        .containsExactly(
            new Interval(0, 70_000), new Interval(70_000, 70_010), new Interval(70_010, 100_000));
    assertThat(failureOf(1)).endsWith("not that");
    assertThat(parts()).extracting(Payload.Part::blocks).containsExactly(7_000L, 2_999L);
    assertThat(parts().stream().mapToLong(part -> Codec.longs().decode(part.value())).sum())
        .isEqualTo(99_990);
  }

  @Test
  void endsWithoutAFurtherResultWhenCancelled() throws InterruptedException {
    AtomicBoolean cancelled = new AtomicBoolean();
    JobKind kind =
        new Sample.Each(
            (number, work) -> {
              if (number == 3) {
                cancelled.set(true);
                throw new CancellationException();
              }
              return number;
            });
    computation(kind, Sample.job(kind, 9), Sample.SETTINGS).run(0, 9, results::add, cancelled::get);
    assertThat(results).isEmpty();
  }

  @Test
  void beginsTheNextTaskAfreshAfterOneWasCancelled() throws InterruptedException {
    AtomicBoolean cancelled = new AtomicBoolean();
    JobKind kind =
        new Sample.Each(
            (number, work) -> {
              cancelled.set(number == 3);
              return number;
            });
    Computation computation = computation(kind, Sample.job(kind, 9), Sample.SETTINGS);
    computation.run(0, 9, results::add, cancelled::get);
    computation.run(5, 7, results::add, () -> false);
    assertThat(values(results.get(0))).containsExactly(5L, 6L);
  }

  @Test
  void doesNotLetAnInterruptOfOneItemReachTheNext() throws InterruptedException {
    run(
        new Sample.Each(
            (number, work) -> {
              if (number == 0) {
                Thread.currentThread().interrupt();
              }
              return Thread.currentThread().isInterrupted() ? 1 : 0;
            }),
        0,
        3);
    assertThat(values(results.get(0))).containsExactly(1L, 0L, 0L);
  }

  @Test
  void aTaskThatIsCutWhileItRunsNamesItsNewEnd() throws InterruptedException {
    Task task = new Task(7, new Interval(0, 10), 1, System.nanoTime());
    JobKind kind =
        new Sample.Each(
            (number, work) -> {
              if (number == 3) {
                task.stopEarly(0.5, 10);
              }
              return number;
            });
    computation(kind, Sample.job(kind, 10), Sample.SETTINGS).run(task, results::add, () -> false);
    assertThat(results).hasSize(1);
    assertThat(results.get(0))
        .extracting(Result::attempt, Result::from, Result::to, Result::end)
        .containsExactly(7L, 0L, 7L, 7L);
  }

  @Test
  void accountsForAllOfItsTime() throws InterruptedException {
    long[] now = {0};
    JobKind kind = new Sample.Each((number, work) -> now[0] += 1_000);
    SlotClock clock =
        new SlotClock(() -> now[0], new ThreadClock(() -> now[0], () -> 0, () -> 0, () -> {}), 0);
    new Computation(kind, Sample.job(kind, 10), Sample.SETTINGS, clock, new TimeLimit(0))
        .run(0, 10, results::add, () -> false);
    assertThat(results.get(0).durations().computed()).isEqualTo(10_000);
    assertThat(results.get(0).durations().span()).isEqualTo(10_000);
    assertThat(new Payload.Reader(results.get(0).payload()).item().nanos()).isEqualTo(1_000);
  }

  private void run(JobKind kind, long from, long to) throws InterruptedException {
    computation(kind, Sample.job(kind, to), Sample.SETTINGS)
        .run(from, to, results::add, () -> false);
  }

  private static Computation computation(JobKind kind, JobSpec job, ResultSettings settings) {
    return new Computation(kind, job, settings, ThreadClock.ofCurrentThread());
  }

  private static List<Long> values(Result result) {
    List<Long> values = new ArrayList<>();
    Payload.Reader reader = new Payload.Reader(result.payload());
    while (reader.hasMore()) {
      values.add(Codec.longs().decode(reader.item().value()));
    }
    return values;
  }

  private List<Payload.Part> parts() {
    List<Payload.Part> parts = new ArrayList<>();
    for (Result result : results) {
      Payload.Reader reader = new Payload.Reader(result.payload());
      while (reader.hasMore()) {
        parts.add(reader.part());
      }
    }
    return parts;
  }

  private String failureOf(int result) {
    Result.Failure failure = results.get(result).failure();
    assertThat(failure).isNotNull();
    return failure.message();
  }

  private static String text(Payload.Part part) {
    return Codec.text().decode(part.value());
  }

  private static String whole(long first, long blocks) {
    return blocks == 1
        ? first + "-" + first
        : "(" + whole(first, blocks / 2) + " " + whole(first + blocks / 2, blocks / 2) + ")";
  }

  @SuppressWarnings("InfiniteRecursion")
  private static long depth(long level) {
    return 1 + depth(level + 1);
  }
}
