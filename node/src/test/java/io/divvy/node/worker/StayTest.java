package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.protocol.Chunk;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Result;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToCoordinator.Results;
import io.divvy.protocol.ToCoordinator.Stopping;
import java.util.List;
import org.junit.jupiter.api.Test;

class StayTest {
  private static final RunKey RUN = new RunKey("r", 0);
  private static final Chunk FIRST = new Chunk(11, 0, 100);
  private static final Chunk SECOND = new Chunk(12, 100, 200);

  private final Stay stay = new Stay(RUN, "n1", 2, 5, 1);

  @Test
  void takesAChunkThatIsHeardTwiceOnlyOnce() {
    assertThat(stay.take(List.of(FIRST), 0)).hasSize(1);
    assertThat(stay.take(List.of(FIRST, SECOND), 0))
        .extracting(Task::attempt)
        .containsExactly(SECOND.attempt());
  }

  @Test
  void takesAChunkOnceEvenWhenItIsLongDone() {
    stay.take(List.of(FIRST), 0);
    stay.send(batch(FIRST));
    stay.acknowledge(1);
    assertThat(stay.attempts()).isEmpty();
    assertThat(stay.take(List.of(FIRST), 0)).isEmpty();
  }

  @Test
  void remembersABoundedNumberAndTakesWhatIsBelowForOld() {
    for (long attempt = 0; attempt < 3 * Stay.REMEMBERED; attempt++) {
      Chunk chunk = new Chunk(attempt, 0, 1);
      stay.take(List.of(chunk), 0);
      stay.acknowledge(stay.send(batch(chunk)).orElseThrow().sequence());
    }
    assertThat(stay.take(List.of(new Chunk(3, 0, 1)), 0)).isEmpty();
    assertThat(stay.take(List.of(new Chunk(3 * Stay.REMEMBERED, 0, 1)), 0)).hasSize(1);
  }

  @Test
  void holdsAnAttemptUntilItsLastResultIsAcknowledged() {
    stay.take(List.of(FIRST, SECOND), 0);
    stay.send(batch(FIRST));
    stay.send(batch(SECOND));
    assertThat(stay.attempts()).containsExactly(11L, 12L);
    stay.acknowledge(1);
    assertThat(stay.attempts()).containsExactly(12L);
  }

  @Test
  void numbersMessagesAndKeepsThemUntilAcknowledged() {
    stay.take(List.of(FIRST, SECOND), 0);
    Results first = stay.send(batch(FIRST)).orElseThrow();
    Results second = stay.send(batch(SECOND)).orElseThrow();
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(stay.unacknowledged()).containsExactly(first, second);
    assertThat(stay.acknowledge(2)).isEqualTo(20);
    assertThat(stay.allAcknowledged()).isTrue();
    assertThat(stay.acknowledge(2)).isZero();
  }

  @Test
  void forgetsAnAttemptThatEndsWithoutAResult() {
    stay.take(List.of(FIRST), 0);
    assertThat(stay.send(new Outbox.Batch(List.of(), 0, List.of(11L)))).isEmpty();
    assertThat(stay.attempts()).isEmpty();
  }

  @Test
  void holdsAnAttemptThatEndsWithoutAFurtherResultWhileEarlierOnesAreOnTheirWay() {
    stay.take(List.of(FIRST), 0);
    stay.send(new Outbox.Batch(List.of(result(FIRST)), 10, List.of()));
    stay.send(new Outbox.Batch(List.of(), 0, List.of(11L)));
    assertThat(stay.attempts()).containsExactly(11L);
    stay.acknowledge(1);
    assertThat(stay.attempts()).isEmpty();
  }

  @Test
  void answersARequestToStopEarlyAlsoWhenTheAttemptIsDone() {
    stay.take(List.of(FIRST), 0);
    assertThat(stay.stopEarly(11, 0.25, 100)).contains(stopping(11, 25));
    stay.send(batch(FIRST));
    stay.acknowledge(1);
    assertThat(stay.stopEarly(11, 0, 25)).contains(stopping(11, 25));
  }

  @Test
  void saysNothingOfAnAttemptItNeverHeardOf() {
    assertThat(stay.stopEarly(99, 0, 1)).isEmpty();
  }

  @Test
  void stopsEverythingWhereItIs() {
    List<Task> tasks = stay.take(List.of(FIRST, SECOND), 0);
    tasks.get(0).claim(3);
    assertThat(stay.stopAll()).containsExactly(stopping(11, 3), stopping(12, 100));
  }

  @Test
  void givesBackWholeWhatItNoLongerTakes() {
    stay.take(List.of(FIRST), 0);
    assertThat(stay.giveBack(List.of(FIRST, SECOND))).containsExactly(stopping(12, 100));
    assertThat(stay.take(List.of(SECOND), 0)).isEmpty();
  }

  private static Stopping stopping(long attempt, long end) {
    return new Stopping(RUN, "n1", 2, 5, attempt, end);
  }

  private static Outbox.Batch batch(Chunk chunk) {
    return new Outbox.Batch(List.of(result(chunk)), 10, List.of(chunk.attempt()));
  }

  private static Result result(Chunk chunk) {
    return new Result(
        chunk.attempt(),
        chunk.from(),
        chunk.to(),
        chunk.to(),
        new byte[0],
        true,
        null,
        Durations.ZERO);
  }
}
