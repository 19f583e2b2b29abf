package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.protocol.Durations;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ThreadClockTest {
  private long computed;
  private long stolen;
  private long collected;

  @Test
  void whatNobodyAccountsForWasWaiting() {
    assertThat(pieceOf(100, 60, 10, 5)).isEqualTo(durations(60, 25, 10, 5));
  }

  @Test
  void clocksThatToldTooMuchAreCutTheLeastPreciseFirst() {
    assertThat(pieceOf(100, 60, 30, 50)).isEqualTo(durations(60, 0, 30, 10));
    assertThat(pieceOf(100, 130, 30, 50)).isEqualTo(durations(100, 0, 0, 0));
  }

  @Test
  void aPieceThatStartsLaterDoesNotCountWhatWasBefore() {
    ThreadClock clock = clock();
    computed += 1000;
    clock.start();
    computed += 7;
    assertThat(clock.stop(10)).isEqualTo(durations(7, 3, 0, 0));
  }

  @Test
  void aPieceFollowsThePreviousOne() {
    ThreadClock clock = clock();
    computed += 4;
    clock.stop(10);
    computed += 7;
    assertThat(clock.stop(10)).isEqualTo(durations(7, 3, 0, 0));
  }

  @Property
  void thePartsAddUpToTheWallTimeAndAreNeverNegative(
      @ForAll @LongRange(max = 1000) long wall,
      @ForAll @LongRange(min = -100, max = 1000) long computed,
      @ForAll @LongRange(min = -100, max = 1000) long stolen,
      @ForAll @LongRange(min = -100, max = 1000) long collected) {
    Durations parts = pieceOf(wall, computed, stolen, collected);
    assertThat(parts.span()).isEqualTo(wall);
    assertThat(List.of(parts.computed(), parts.waited(), parts.stolen(), parts.gc()))
        .allMatch(part -> part >= 0);
  }

  @Test
  void aBlockedThreadWaits() {
    try (ThreadClock clock = ThreadClock.ofCurrentThread()) {
      long start = System.nanoTime();
      long end = start + 50_000_000;
      for (long now = start; now < end; now = System.nanoTime()) {
        LockSupport.parkNanos(end - now);
      }
      long wall = System.nanoTime() - start;
      Durations parts = clock.stop(wall);
      assertThat(parts.span()).isEqualTo(wall);
      assertThat(parts.computed()).isLessThan(wall / 2);
      assertThat(parts.waited()).isPositive();
    }
  }

  @Test
  void aBusyThreadComputesUnlessItsCoreIsTaken() {
    try (ThreadClock clock = ThreadClock.ofCurrentThread()) {
      long start = System.nanoTime();
      while (System.nanoTime() - start < 50_000_000) {
        Thread.onSpinWait();
      }
      long wall = System.nanoTime() - start;
      Durations parts = clock.stop(wall);
      assertThat(parts.computed()).isPositive();
      assertThat(parts.computed() + parts.stolen() + parts.gc()).isGreaterThan(wall / 2);
    }
  }

  @Test
  void theClockStillReadsAfterAnInterrupt() {
    try (ThreadClock clock = ThreadClock.ofCurrentThread()) {
      Thread.currentThread().interrupt();
      clock.stop(1);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(clock.stop(1).span()).isEqualTo(1);
    }
  }

  private Durations pieceOf(long wall, long computed, long stolen, long collected) {
    ThreadClock clock = clock();
    this.computed += computed;
    this.stolen += stolen;
    this.collected += collected;
    return clock.stop(wall);
  }

  private ThreadClock clock() {
    return new ThreadClock(() -> computed, () -> stolen, () -> collected, () -> {});
  }

  private static Durations durations(long computed, long waited, long stolen, long gc) {
    return new Durations(0, 0, computed, waited, stolen, gc, 0, 0);
  }
}
