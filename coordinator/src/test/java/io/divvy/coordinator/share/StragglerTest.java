package io.divvy.coordinator.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.share.Straggler.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class StragglerTest {
  private static final long THRESHOLD = 10;

  @Test
  void whoWouldEndLastIsAsked() {
    assertThat(choose(running(1, "ann", 10, 1.0), running(2, "ben", 10, 0.2)))
        .isEqualTo(List.of(new Straggler(2, 1 - 50 * (0.2 * 1.0 / 1.2) / 10)));
  }

  @Test
  void nobodyIsAskedTwice() {
    assertThat(choose(new Candidate<>(1, "ann", 100, 1, true, true, false))).isEmpty();
  }

  @Test
  void aSingleBlockAtWorkCannotBeCut() {
    assertThat(choose(running(1, "ann", 1, 0.001))).isEmpty();
  }

  @Test
  void aSingleBlockNotStartedIsGivenAway() {
    assertThat(choose(running(1, "ann", 1, 0.01), waiting(2, "ann", 1, 0.01)))
        .containsExactly(new Straggler(2, 0));
  }

  @Test
  void whatWaitsBehindOtherWorkEndsLast() {
    assertThat(
            choose(
                running(1, "ann", 60, 1.0), waiting(2, "ann", 60, 1.0), running(3, "ben", 90, 1.0)))
        .containsExactly(new Straggler(2, 0));
  }

  @Test
  void whoEndsSoonIsLeftAlone() {
    assertThat(choose(running(1, "ann", 9, 1.0))).isEmpty();
  }

  @Test
  void aBlockIsNotMovedToWhereItEndsLater() {
    Candidate<String> fast = running(1, "ann", 40, 1.0);
    assertThat(Straggler.choose(List.of(fast), 1, THRESHOLD, 0.02)).isEmpty();
    assertThat(Straggler.choose(List.of(fast), 1, THRESHOLD, 0.1)).isPresent();
  }

  @Test
  void whoHoldsUpResultsIsAskedFirst() {
    assertThat(
            choose(
                new Candidate<>(1, "ann", 20, 1, true, false, true), running(2, "ben", 500, 1.0)))
        .containsExactly(new Straggler(1, 0.5));
  }

  @Test
  void aWorkerOfUnknownSpeedMayTakeForever() {
    assertThat(choose(running(1, "ann", 500, 1.0), running(2, "ben", 50, 0)))
        .containsExactly(new Straggler(2, 0.5));
  }

  private static Candidate<String> running(long attempt, String worker, long left, double rate) {
    return new Candidate<>(attempt, worker, left, rate, true, false, false);
  }

  private static Candidate<String> waiting(long attempt, String worker, long left, double rate) {
    return new Candidate<>(attempt, worker, left, rate, false, false, false);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static List<Straggler> choose(Candidate<String>... candidates) {
    return Straggler.choose(List.of(candidates), 1, THRESHOLD, 1.0).stream().toList();
  }
}
