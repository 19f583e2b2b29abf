package io.divvy.coordinator.ledger;

import static io.divvy.coordinator.ledger.Verdict.ACCEPTED;
import static io.divvy.coordinator.ledger.Verdict.DUPLICATE;
import static io.divvy.coordinator.ledger.Verdict.FAILED;
import static io.divvy.coordinator.ledger.Verdict.RETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.protocol.Chunk;
import io.divvy.protocol.Interval;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LedgerTest {
  private static final String ANN = "ann/1";
  private static final String BEN = "ben/1";

  private final Ledger<String> ledger = new Ledger<>(100, 1, 1);

  @Test
  void theLowestQueuedItemsAreHandedOutFirst() {
    assertThat(take(10)).isEqualTo(new Chunk(1, 0, 10));
    assertThat(take(10)).isEqualTo(new Chunk(2, 10, 20));
    ledger.lose(1, Blame.NONE, "its lease ran out");
    assertThat(take(5)).isEqualTo(new Chunk(3, 0, 5));
    assertThat(ledger.retried()).isEqualTo(1);
  }

  @Test
  void nothingIsHandedOutWhenNothingIsQueued() {
    take(100);
    assertThat(ledger.take(1, BEN, "ben")).isEmpty();
    assertThat(ledger.remaining()).isEqualTo(100);
  }

  @Test
  void cutsFallOnBlocksButForTheEndOfTheInput() {
    Ledger<String> blocks = new Ledger<>(25, 10, 0);
    assertThat(blocks.take(19, ANN, "ann")).contains(new Chunk(1, 0, 10));
    assertThat(blocks.take(3, ANN, "ann")).contains(new Chunk(2, 10, 20));
    assertThat(blocks.take(3, ANN, "ann")).contains(new Chunk(3, 20, 25));
  }

  @Test
  void aResultInPiecesIsCountedPieceByPiece() {
    take(10);
    assertThat(ledger.accept(1, 0, 4, 10)).isEqualTo(ACCEPTED);
    assertThat(ledger.inFlight()).containsExactly(new InFlight<>(1, ANN, 0, new Interval(4, 10)));
    assertThat(ledger.accept(1, 4, 10, 10)).isEqualTo(ACCEPTED);
    assertThat(ledger.inFlight()).isEmpty();
    assertThat(ledger.done()).isEqualTo(10);
  }

  @Test
  void aResultHeardTwiceIsADuplicate() {
    take(10);
    ledger.accept(1, 0, 10, 10);
    assertThat(ledger.accept(1, 0, 10, 10)).isEqualTo(DUPLICATE);
    assertThat(ledger.done()).isEqualTo(10);
    assertThat(ledger.duplicates()).isEqualTo(1);
  }

  @Test
  void aResultHealsALostAnswerToAnEarlyStop() {
    take(10);
    ledger.accept(1, 0, 2, 6);
    assertThat(ledger.inFlight(1).orElseThrow().left()).isEqualTo(new Interval(2, 6));
    assertThat(take(100)).isEqualTo(new Chunk(2, 6, 100));
  }

  @Test
  void whatAnEarlyStopGaveBackIsQueuedOnce() {
    take(10);
    assertThat(ledger.cut(1, 6)).contains(new Interval(6, 10));
    assertThat(ledger.cut(1, 6)).isEmpty();
    assertThat(ledger.cut(1, 8)).isEmpty();
    assertThat(ledger.cut(77, 3)).isEmpty();
    assertThat(ledger.queued()).isEqualTo(94);
    assertThat(ledger.accept(1, 0, 6, 6)).isEqualTo(ACCEPTED);
    assertThat(ledger.retried()).isZero();
  }

  @Test
  void anAnswerBelowWhatWasReportedGivesBackNothingTwice() {
    take(10);
    ledger.fail(1, 0, 10, "boom");
    ledger.take(1, BEN, "ben");
    assertThat(ledger.cut(1, 0)).contains(new Interval(1, 10));
    assertThat(ledger.queuedIntervals()).containsExactly(new Interval(1, 100));
  }

  @Test
  void anAttemptThatGivesBackEverythingIsOver() {
    take(10);
    ledger.cut(1, 0);
    assertThat(ledger.inFlight()).isEmpty();
    assertThat(ledger.queued()).isEqualTo(100);
  }

  @Test
  void theLateResultOfALostAttemptCountsAndTheOtherIsTheDuplicate() {
    take(10);
    ledger.lose(1, Blame.NONE, "its lease ran out");
    Chunk second = ledger.take(5, BEN, "ben").orElseThrow();
    assertThat(ledger.accept(1, 0, 10, 10)).isEqualTo(ACCEPTED);
    assertThat(ledger.queued()).isEqualTo(90);
    assertThat(ledger.accept(second.attempt(), 0, 5, 5)).isEqualTo(DUPLICATE);
    assertThat(ledger.done()).isEqualTo(10);
    assertThat(ledger.queued()).isEqualTo(90);
  }

  @Test
  void whatADuplicateHeldBesideItsCountedItemsIsQueuedAgain() {
    take(4);
    ledger.lose(1, Blame.NONE, "its lease ran out");
    ledger.take(10, BEN, "ben");
    ledger.accept(1, 0, 4, 4);
    assertThat(ledger.accept(2, 0, 10, 10)).isEqualTo(DUPLICATE);
    assertThat(ledger.queuedIntervals()).containsExactly(new Interval(4, 100));
    assertThat(take(10)).isEqualTo(new Chunk(3, 4, 14));
  }

  @Test
  void aFailedItemIsTriedAgainAloneAndElsewhere() {
    take(10);
    assertThat(ledger.fail(1, 0, 10, "boom")).isEqualTo(RETRY);
    assertThat(ledger.take(50, ANN, "ann", Set.of("ann", "ben"))).contains(new Chunk(2, 10, 60));
    assertThat(ledger.take(50, BEN, "ben", Set.of("ann", "ben"))).contains(new Chunk(3, 0, 1));
    assertThat(ledger.fail(3, 0, 1, "boom again")).isEqualTo(FAILED);
    assertThat(ledger.failures())
        .containsExactly(new Ledger.GivenUp(new Interval(0, 1), "boom again"));
    assertThat(ledger.failed()).isEqualTo(1);
  }

  @Test
  void aFailedItemStaysWithItsNodeWhenNobodyElseCouldTakeIt() {
    take(1);
    ledger.fail(1, 0, 1, "boom");
    assertThat(ledger.take(50, ANN, "ann", Set.of("ann"))).contains(new Chunk(2, 0, 1));
  }

  @Test
  void aFailureHeardTwiceCountsOnce() {
    take(10);
    assertThat(ledger.fail(1, 0, 10, "boom")).isEqualTo(RETRY);
    assertThat(ledger.fail(1, 0, 10, "boom")).isEqualTo(DUPLICATE);
    assertThat(ledger.queued()).isEqualTo(91);
  }

  @Test
  void aFailedBlockIsFailedAsAWhole() {
    Ledger<String> blocks = new Ledger<>(25, 10, 0);
    blocks.take(25, ANN, "ann");
    assertThat(blocks.fail(1, 0, 25, "boom")).isEqualTo(FAILED);
    assertThat(blocks.failed()).isEqualTo(10);
    assertThat(blocks.inFlight(1).orElseThrow().left()).isEqualTo(new Interval(10, 25));
  }

  @Test
  void afterADeathTheRestIsTakenInHalves() {
    take(10);
    ledger.accept(1, 0, 2, 10);
    assertThat(ledger.lose(1, Blame.FULL, "killed"))
        .isEqualTo(new Loss(List.of(new Interval(2, 6), new Interval(6, 10)), List.of()));
    assertThat(take(100)).isEqualTo(new Chunk(2, 2, 6));
    assertThat(take(100)).isEqualTo(new Chunk(3, 6, 10));
    assertThat(take(100)).isEqualTo(new Chunk(4, 10, 100));
    assertThat(ledger.retried()).isEqualTo(2);
  }

  @Test
  void anItemAloneIsGivenUpWhenItsWorkerDiedThreeTimes() {
    Interval item = new Interval(0, 1);
    for (int death = 1; death <= 2; death++) {
      assertThat(ledger.lose(take(1).attempt(), Blame.FULL, "killed").queued())
          .containsExactly(item);
    }
    assertThat(ledger.lose(take(1).attempt(), Blame.FULL, "killed").failed()).containsExactly(item);
    assertThat(ledger.failures()).containsExactly(new Ledger.GivenUp(item, "killed"));
    assertThat(ledger.remaining()).isEqualTo(99);
  }

  @Test
  void anItemAloneIsGivenUpOnlyWhenItsWorkerWasKilledTenTimes() {
    for (int kill = 1; kill <= 9; kill++) {
      assertThat(ledger.lose(take(1).attempt(), Blame.LITTLE, "killed").failed()).isEmpty();
    }
    assertThat(ledger.lose(take(1).attempt(), Blame.LITTLE, "killed").failed()).hasSize(1);
  }

  @Test
  void whatMayHaveKilledAProcessRunsBesideNoOtherSuspectOnItsNode() {
    List<Long> computing = List.of(take(1).attempt(), take(1).attempt());
    assertThat(ledger.suspects(computing)).containsExactlyInAnyOrderElementsOf(computing);
    computing.forEach(attempt -> ledger.lose(attempt, Blame.FULL, "it ended"));

    assertThat(take(1)).isEqualTo(new Chunk(3, 0, 1));
    assertThat(take(1)).isEqualTo(new Chunk(4, 2, 3));
    assertThat(ledger.take(1, BEN, "ben")).contains(new Chunk(5, 1, 2));
    assertThat(ledger.suspects(List.of(3L, 4L))).containsExactly(3L);
  }

  @Test
  void aDeathAfterProgressBlamesNoItem() {
    take(2);
    ledger.accept(1, 0, 1, 2);
    ledger.lose(1, Blame.FULL, "killed");
    ledger.lose(take(1).attempt(), Blame.FULL, "killed");
    assertThat(ledger.lose(take(1).attempt(), Blame.FULL, "killed").failed()).isEmpty();
    assertThat(ledger.lose(take(1).attempt(), Blame.FULL, "killed").failed()).hasSize(1);
  }

  @Test
  void anAttemptUnknownByNowChangesNothing() {
    assertThat(ledger.lose(5, Blame.FULL, "killed")).isEqualTo(new Loss(List.of(), List.of()));
    assertThat(ledger.fail(5, 3, 4, "boom")).isEqualTo(DUPLICATE);
    assertThat(ledger.queued()).isEqualTo(100);
  }

  @Test
  void theHeadIsWhatResultsWaitFor() {
    take(10);
    ledger.take(10, BEN, "ben");
    assertThat(ledger.resultsWait()).isFalse();
    ledger.accept(2, 10, 20, 20);
    assertThat(ledger.resultsWait()).isTrue();
    assertThat(ledger.headAttempt().map(InFlight::attempt)).contains(1L);
    ledger.lose(1, Blame.NONE, "its lease ran out");
    assertThat(ledger.headAttempt()).isEqualTo(Optional.empty());
  }

  @Test
  void noItemsAreFinishedAtOnce() {
    Ledger<String> empty = new Ledger<>(0, 1, 0);
    assertThat(empty.finished()).isTrue();
    assertThat(empty.take(1, ANN, "ann")).isEmpty();
  }

  @Test
  void aResultBeyondTheInputIsRefused() {
    assertThatThrownBy(() -> ledger.accept(1, 90, 101, 101))
        .hasMessage("a result for [90, 101), but there are 100 items");
  }

  @Test
  void aQuintillionItemsCostNothing() {
    long items = 1_000_000_000_000_000_000L;
    Ledger<String> huge = new Ledger<>(items, 1, 1);
    assertThat(huge.take(Long.MAX_VALUE, ANN, "ann")).contains(new Chunk(1, 0, items));
    huge.cut(1, items / 2);
    huge.lose(1, Blame.FULL, "killed");
    assertThat(huge.queued()).isEqualTo(items);
    assertThat(huge.queuedIntervals()).hasSize(3);
  }

  @Test
  @Timeout(60)
  void manyChunksOfOneItemStayFastInAnyOrder() {
    int items = 300_000;
    Ledger<String> many = new Ledger<>(items, 1, 1);
    for (int chunk = 0; chunk < items; chunk++) {
      many.take(1, ANN, "ann");
    }
    // 7919 is prime to the number of items: each attempt answers once, far from its neighbours.
    for (long turn = 0; turn < items; turn++) {
      long item = turn * 7919 % items;
      many.accept(item + 1, item, item + 1, item + 1);
    }
    assertThat(many.done()).isEqualTo(items);
    assertThat(many.duplicates()).isZero();
  }

  private Chunk take(long size) {
    return ledger.take(size, ANN, "ann").orElseThrow();
  }
}
