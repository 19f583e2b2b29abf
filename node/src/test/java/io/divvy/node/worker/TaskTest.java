package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.protocol.Interval;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TaskTest {

  @Test
  void isClaimedInOrderUntilNothingIsLeft() {
    Task task = task(10, 20, 1);
    assertThat(task.claim(7)).isEqualTo(new Interval(10, 17));
    assertThat(task.claim(7)).isEqualTo(new Interval(17, 20));
    assertThat(task.claim(7)).isEqualTo(new Interval(20, 20));
  }

  @Test
  void cutWithoutHavingBegunEndsAtItsBeginning() {
    Task task = task(10, 20, 1);
    assertThat(task.stopEarly(0, 20)).isEqualTo(10);
    assertThat(task.claim(1).isEmpty()).isTrue();
  }

  @Test
  void keepsWhatWasClaimed() {
    Task task = task(10, 20, 1);
    task.claim(4);
    assertThat(task.stopEarly(0, 20)).isEqualTo(14);
  }

  @Test
  void keepsTheShareOfTheUnclaimedItemsRoundedUp() {
    Task task = task(0, 10, 1);
    task.claim(1);
    assertThat(task.stopEarly(0.5, 10)).isEqualTo(6);
  }

  @Test
  void isCutOnlyBetweenBlocks() {
    Task task = task(0, 95, 10);
    task.claim(1);
    assertThat(task.stopEarly(0.3, 95)).isEqualTo(40);
  }

  @Test
  void keepsAShortLastBlock() {
    Task task = task(0, 95, 10);
    task.claim(9);
    assertThat(task.stopEarly(0.1, 95)).isEqualTo(95);
    assertThat(task.claim(1)).isEqualTo(new Interval(90, 95));
  }

  @Test
  void isCutOnceByARequestHeardTwice() {
    Task task = task(0, 100, 1);
    assertThat(task.stopEarly(0.5, 100)).isEqualTo(50);
    assertThat(task.stopEarly(0.5, 100)).isEqualTo(50);
    assertThat(task.stopEarly(0.5, 50)).isEqualTo(25);
  }

  @Test
  void isNeverLengthenedByANonsensicalShare() {
    Task task = task(0, 100, 1);
    assertThat(task.stopEarly(Double.NaN, 100)).isEqualTo(100);
    assertThat(task.stopEarly(-1, 100)).isEqualTo(100);
    assertThat(task.stopEarly(7, 100)).isEqualTo(100);
  }

  @Test
  void claimsAgainWhatWasGivenBack() {
    Task task = task(0, 100, 1);
    Interval slice = task.claim(30);
    task.giveBack(slice.from(), slice.from());
    assertThat(task.stopEarly(0, 100)).isZero();
  }

  @Property(tries = 500)
  void aCutLeavesWhatIsClaimedAndFallsBetweenBlocks(
      @ForAll @LongRange(max = Long.MAX_VALUE / 4) long firstBlock,
      @ForAll @LongRange(max = 1_000_000_000_000L) long items,
      @ForAll @IntRange(min = 1, max = 5) int block,
      @ForAll @LongRange(min = 0, max = 2_000_000_000_000L) long claimed,
      @ForAll @DoubleRange(min = 0, max = 1) double keep) {
    long from = firstBlock / block * block;
    long to = from + items;
    Task task = task(from, to, block);
    long begun = claimed == 0 ? from : task.claim(claimed).to();

    long end = task.stopEarly(keep, to);

    assertThat(end).isBetween(begun, to);
    assertThat(end == to || end % block == 0).isTrue();
    assertThat(end - begun).isGreaterThanOrEqualTo((long) ((to - begun) * keep * 0.999_999));
  }

  @Property(tries = 20)
  void everyItemIsComputedOnceWhateverTheCuts(@ForAll @IntRange(min = 1, max = 7) int block)
      throws InterruptedException {
    int items = 20_000;
    Task task = task(0, items, block);
    BitSet computed = new BitSet(items);
    BitSet givenAway = new BitSet(items);
    Thread cutter =
        new Thread(
            () -> {
              long end = items;
              while (task.claimed() < end) {
                double keep = 0.9 + ThreadLocalRandom.current().nextDouble() / 10;
                long cut = task.stopEarly(keep, end);
                givenAway.set((int) cut, (int) end);
                end = cut;
              }
            });
    cutter.start();
    for (Interval slice = task.claim(1); !slice.isEmpty(); slice = task.claim(3)) {
      assertThat(computed.get((int) slice.from(), (int) slice.to()).isEmpty()).isTrue();
      computed.set((int) slice.from(), (int) slice.to());
    }
    cutter.join();

    assertThat(computed.intersects(givenAway)).isFalse();
    computed.or(givenAway);
    assertThat(computed.cardinality()).isEqualTo(items);
  }

  private static Task task(long from, long to, long block) {
    return new Task(1, new Interval(from, to), block, 0);
  }
}
