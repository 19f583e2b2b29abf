package io.divvy.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.protocol.RunKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairShareTest {
  private static final RunKey A = new RunKey("a", 0);
  private static final RunKey B = new RunKey("b", 0);
  private static final RunKey C = new RunKey("c", 0);
  private static final long SECOND = 1_000_000_000L;
  private static final long QUANTUM = SECOND / 4;

  private final FairShare share = new FairShare(QUANTUM, 0);

  @Test
  void nobodyGetsASlotWhoDoesNotWantOne() {
    share.want(A, 0, 0);
    assertThat(share.next(0)).isEmpty();
  }

  @Test
  void theRunWithTheLeastSlotTimeIsNext() {
    share.want(A, 2, 0);
    share.want(B, 2, 0);
    share.took(A, 0);
    assertThat(share.next(0)).contains(B);
    assertThat(share.next(SECOND)).contains(B);
  }

  @Test
  void aRunThatHasAllItWantsIsPassedOver() {
    share.want(A, 1, 0);
    share.took(A, 0);
    assertThat(share.next(0)).isEmpty();
    assertThat(share.isContended()).isFalse();
  }

  @Test
  void aRunGivesUpASlotOnceItIsAheadByMoreThanTheQuantum() {
    share.want(A, 1, 0);
    share.took(A, 0);
    share.want(B, 1, 0);
    assertThat(share.giver(QUANTUM)).isEmpty();
    assertThat(share.giver(QUANTUM + 1)).contains(A);
  }

  @Test
  void oneSlotOnItsWayIsEnoughForOneThatIsWanted() {
    share.want(A, 1, 0);
    share.took(A, 0);
    share.want(B, 1, 0);
    share.yielding(A, QUANTUM + 1);
    assertThat(share.giver(SECOND)).isEmpty();
  }

  @Test
  void nobodyGivesUpASlotToOneThatHoldsAsMany() {
    share.want(A, 2, 0);
    share.took(A, 0);
    share.want(B, 2, SECOND);
    share.took(B, SECOND);
    assertThat(share.giver(9 * SECOND)).isEmpty();
  }

  @Test
  void idlingEarnsNothing() {
    share.want(A, 1, 0);
    share.took(A, 0);
    share.want(B, 1, 100 * SECOND);
    assertThat(share.giver(100 * SECOND)).isEmpty();
    assertThat(share.giver(100 * SECOND + QUANTUM + 1)).contains(A);
  }

  @Test
  void havingWorkedAloneCostsNothing() {
    share.want(A, 1, 0);
    share.took(A, 0);
    share.gave(A, false, 100 * SECOND);
    share.want(A, 0, 100 * SECOND);
    share.want(B, 1, 101 * SECOND);
    share.took(B, 101 * SECOND);
    share.want(A, 1, 101 * SECOND);
    assertThat(share.giver(101 * SECOND + QUANTUM + 1)).contains(B);
  }

  @Test
  void aForgottenRunIsOwedNothing() {
    share.want(A, 1, 0);
    share.forget(A, 0);
    assertThat(share.next(SECOND)).isEmpty();
  }

  @Property(tries = 60)
  void eachOfTwoRunsGetsItsHalfOverAnyTenSeconds(
      @ForAll @IntRange(min = 0, max = 4) int slots,
      @ForAll @IntRange(min = 1, max = 8) int itemMillis,
      @ForAll @IntRange(min = 0, max = 20) int headStart,
      @ForAll long seed) {
    Simulation node = new Simulation(List.of(1, 2, 3, 4, 8).get(slots), seed);
    node.arrive(A, itemMillis);
    node.run(headStart * 500L);
    node.arrive(B, 100L * itemMillis);
    node.assertShares(40_000, 0.4, 0.6);
  }

  @Property(tries = 60)
  void itDoesNotMatterWhoHasTheLongItems(
      @ForAll @IntRange(min = 0, max = 4) int slots,
      @ForAll @IntRange(min = 1, max = 8) int itemMillis,
      @ForAll @IntRange(min = 0, max = 20) int headStart,
      @ForAll long seed) {
    Simulation node = new Simulation(List.of(1, 2, 3, 4, 8).get(slots), seed);
    node.arrive(A, 100L * itemMillis);
    node.run(headStart * 500L);
    node.arrive(B, itemMillis);
    node.assertShares(40_000, 0.4, 0.6);
  }

  @Property(tries = 60)
  void eachOfThreeRunsGetsAboutAThird(
      @ForAll @IntRange(min = 0, max = 4) int slots, @ForAll long seed) {
    Simulation node = new Simulation(List.of(1, 2, 3, 4, 8).get(slots), seed);
    node.arrive(A, 3);
    node.run(5_000);
    node.arrive(B, 30);
    node.arrive(C, 300);
    node.assertShares(40_000, 0.24, 0.43);
  }

  /** A node in virtual milliseconds whose runs always have more work. */
  private static final class Simulation {
    private static final long WINDOW = 10_000;

    private final FairShare share = new FairShare(QUANTUM, 0);
    private final Random random;
    private final Map<RunKey, Long> itemMillis = new HashMap<>();
    private final @Nullable RunKey[] holders;
    private final long[] itemEnds;
    private final boolean[] asked;
    private final List<Map<RunKey, Integer>> history = new ArrayList<>();
    private long now;

    Simulation(int slots, long seed) {
      holders = new RunKey[slots];
      itemEnds = new long[slots];
      asked = new boolean[slots];
      random = new Random(seed);
    }

    void arrive(RunKey run, long millis) {
      itemMillis.put(run, millis);
      share.want(run, holders.length, nanos());
    }

    /** Items take what was said, give or take a half. */
    void run(long millis) {
      for (long end = now + millis; now < end; now++) {
        for (int slot = 0; slot < holders.length; slot++) {
          step(slot);
        }
        if (now % 50 == 0) {
          share.giver(nanos()).ifPresent(this::ask);
        }
        Map<RunKey, Integer> held = new HashMap<>();
        for (RunKey holder : holders) {
          held.merge(holder, 1, Integer::sum);
        }
        history.add(held);
      }
    }

    void assertShares(long millis, double least, double most) {
      int from = history.size();
      run(millis);
      Map<RunKey, Integer> sums = new HashMap<>();
      for (int i = from; i < history.size(); i++) {
        history.get(i).forEach((run, held) -> sums.merge(run, held, Integer::sum));
        if (i >= from + WINDOW) {
          history
              .get(i - (int) WINDOW)
              .forEach((run, held) -> sums.merge(run, -held, Integer::sum));
        }
        if (i >= from + WINDOW - 1) {
          double all = (double) WINDOW * holders.length;
          long at = i;
          assertThat(itemMillis.keySet())
              .allSatisfy(
                  run ->
                      assertThat(sums.getOrDefault(run, 0) / all)
                          .as("share of %s in the 10 s before %d", run, at)
                          .isBetween(least, most));
        }
      }
    }

    private void step(int slot) {
      RunKey holder = holders[slot];
      if (holder == null || now < itemEnds[slot]) {
        if (holder == null) {
          give(slot);
        }
        return;
      }
      if (asked[slot]) {
        share.gave(holder, true, nanos());
        give(slot);
      } else {
        begin(slot, holder);
      }
    }

    private void give(int slot) {
      RunKey next = share.next(nanos()).orElseThrow();
      share.took(next, nanos());
      holders[slot] = next;
      asked[slot] = false;
      begin(slot, next);
    }

    private void begin(int slot, RunKey run) {
      long millis = itemMillis.getOrDefault(run, 1L);
      itemEnds[slot] = now + Math.max(1, millis / 2 + random.nextLong(millis));
    }

    private void ask(RunKey run) {
      for (int slot = 0; slot < holders.length; slot++) {
        if (run.equals(holders[slot]) && !asked[slot]) {
          asked[slot] = true;
          share.yielding(run, nanos());
          return;
        }
      }
      throw new AssertionError(run + " holds no slot to give up");
    }

    private long nanos() {
      return now * 1_000_000;
    }
  }
}
