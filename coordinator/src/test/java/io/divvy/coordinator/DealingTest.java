package io.divvy.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.ledger.Ledger;
import io.divvy.coordinator.share.Factoring;
import io.divvy.coordinator.share.Straggler;
import io.divvy.protocol.Chunk;
import org.junit.jupiter.api.Test;

class DealingTest {

  private static final long MILLISECOND = 1_000_000;

  @Test
  void theFirstChunkOfASlotIsAProbeOfOneItem() {
    Ledger<String> ledger = new Ledger<>(1000, 1, 0);
    Dealing dealing = dealing(ledger, 0);
    dealing.joined("a/1", "a");
    assertThat(dealing.deal("a/1", 0)).containsExactly(new Chunk(1, 0, 1));
  }

  @Test
  void aRunUsesNoMoreSlotsThanItHasItems() {
    assertThat(dealing(new Ledger<>(3, 1, 0), 0).mostWorkers()).isEqualTo(3);
  }

  @Test
  void nobodyIsAskedToStopEarlyWhileWorkIsQueued() {
    Ledger<String> ledger = new Ledger<>(100, 1, 0);
    Dealing dealing = busy(ledger, 40);
    dealing.joined("b/1", "b");
    assertThat(dealing.cuts()).isEmpty();
  }

  @Test
  void whoHasTheMostLeftSharesWithASlotThatHasNothing() {
    Ledger<String> ledger = new Ledger<>(100, 1, 0);
    Dealing dealing = busy(ledger, 100);
    dealing.joined("b/1", "b");
    assertThat(dealing.cuts()).extracting(Straggler::attempt).containsExactly(1L);
    assertThat(dealing.nothingToShare()).isFalse();
  }

  @Test
  void anAttemptIsAskedOnceUntilItAnswers() {
    Ledger<String> ledger = new Ledger<>(100, 1, 0);
    Dealing dealing = busy(ledger, 100);
    dealing.joined("b/1", "b");
    dealing.joined("b/2", "b");
    assertThat(dealing.cuts()).hasSize(1);
    assertThat(dealing.cuts()).isEmpty();
  }

  @Test
  void whoHadNothingToGiveIsAskedAgainOnlyAfterProgress() {
    Ledger<String> ledger = new Ledger<>(100, 1, 0);
    Dealing dealing = busy(ledger, 100);
    dealing.joined("b/1", "b");
    dealing.cuts();
    dealing.answered(1, false);
    assertThat(dealing.nothingToShare()).isTrue();
    ledger.accept(1, 0, 10, 100);
    dealing.progressed(1, false);
    assertThat(dealing.nothingToShare()).isFalse();
  }

  @Test
  void aRunWhoseWorkIsAllInShortChunksCanUseNoFurtherSlot() {
    Ledger<String> ledger = new Ledger<>(2, 1, 0);
    Dealing dealing = dealing(ledger, 0);
    dealing.joined("a/1", "a");
    dealing.joined("a/2", "a");
    dealing.deal("a/1", 0);
    dealing.deal("a/2", 0);
    assertThat(dealing.canUseMore()).isFalse();
  }

  @Test
  void aSlotThatWouldEndLaterThanWhoeverIsBusyIsOfNoUse() {
    Ledger<String> ledger = new Ledger<>(5, 1, 0);
    Dealing dealing = dealing(ledger, 4);
    dealing.joined("slow/1", "slow");
    dealing.deal("slow/1", 0);
    dealing.measured("slow/1", 4, 400_000 * MILLISECOND);
    ledger.accept(1, 0, 4, 4);
    dealing.progressed(1, true);
    dealing.left("slow/1");
    dealing.joined("fast/1", "fast");
    dealing.deal("fast/1", 0);
    dealing.measured("fast/1", 4, 4 * MILLISECOND);
    assertThat(dealing.canUse("slow/1")).isFalse();
  }

  @Test
  void aFixedSizeIsTheSizeOfEveryChunk() {
    Dealing dealing = dealing(new Ledger<>(100, 1, 0), 40);
    dealing.joined("a/1", "a");
    assertThat(dealing.deal("a/1", 0)).containsExactly(new Chunk(1, 0, 40));
  }

  /** A slot that computes one item a millisecond and was given so many. */
  private static Dealing busy(Ledger<String> ledger, int items) {
    Dealing dealing = dealing(ledger, items);
    dealing.joined("a/1", "a");
    dealing.measured("a/1", 100, 100 * MILLISECOND);
    assertThat(dealing.deal("a/1", 0)).contains(new Chunk(1, 0, items));
    return dealing;
  }

  private static Dealing dealing(Ledger<String> ledger, long chunk) {
    return new Dealing(
        ledger, new Factoring<>(1, chunk, 5000 * MILLISECOND), 1, 64, 50 * MILLISECOND, false);
  }
}
