package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.job.JobKind;
import io.divvy.protocol.Interval;
import io.divvy.protocol.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitedComputationTest {
  private final CountDownLatch open = new CountDownLatch(1);
  private final List<Interval> abandoned = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();

  @AfterEach
  void stop() {
    open.countDown();
  }

  @Test
  void anItemThatIsTooSlowFailsAndTheOthersDoNot() throws InterruptedException {
    run(
        new Sample.Each(
            (number, work) -> {
              if (number == 3) {
                Thread.sleep(60_000);
              }
              return number;
            }));
    assertThat(failed()).containsExactly(new Interval(3, 4));
    assertThat(covered()).isEqualTo(10);
    assertThat(abandoned).isEmpty();
  }

  @Test
  void anItemThatDoesNotStopIsLeftToItself() throws InterruptedException {
    run(new Sample.Each((number, work) -> number == 3 ? spin() : number));
    assertThat(failed()).containsExactly(new Interval(3, 4));
    assertThat(covered()).isEqualTo(10);
    assertThat(abandoned).containsExactly(new Interval(3, 4));
  }

  @Test
  void ofAReductionTheBlockFailsThatDoesNotStop() throws InterruptedException {
    run(new Sample.Adding((number, work) -> number == 3 ? spin() : number, 2));
    assertThat(failed()).containsExactly(new Interval(2, 4));
    assertThat(covered()).isEqualTo(10);
    assertThat(abandoned).contains(new Interval(2, 4));
  }

  private long spin() {
    while (open.getCount() > 0) {
      Thread.onSpinWait();
    }
    return 0;
  }

  private void run(JobKind kind) throws InterruptedException {
    new LimitedComputation(
            kind, Sample.job(kind, 10), Sample.SETTINGS, Duration.ofMillis(50), abandoned::add)
        .run(0, 10, results::add, () -> false);
  }

  private List<Interval> failed() {
    return results.stream()
        .filter(result -> result.failure() != null)
        .map(Result::interval)
        .toList();
  }

  /** How many items the results cover, none twice. */
  private long covered() {
    results.sort(Comparator.comparing(Result::from));
    long at = 0;
    for (Result result : results) {
      assertThat(result.from()).isEqualTo(at);
      at = result.to();
    }
    return at;
  }
}
