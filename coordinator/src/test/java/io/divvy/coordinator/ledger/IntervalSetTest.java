package io.divvy.coordinator.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.protocol.Interval;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class IntervalSetTest {
  private static final int SPAN = 40;

  private final IntervalSet set = new IntervalSet();

  @Test
  void intervalsThatTouchBecomeOne() {
    set.add(0, 2);
    set.add(4, 6);
    set.add(2, 4);
    assertThat(set.intervals()).containsExactly(new Interval(0, 6));
  }

  @Test
  void whatIsAddedApartStaysApart() {
    set.addApart(0, 2);
    set.addApart(2, 4);
    assertThat(set.intervals()).containsExactly(new Interval(0, 2), new Interval(2, 4));
    assertThat(set.gaps(0, 5)).containsExactly(new Interval(4, 5));
    assertThat(set.firstGap(1)).isEqualTo(4);
  }

  @Test
  void whatIsAddedApartMustNotOverlap() {
    set.add(0, 5);
    assertThatThrownBy(() -> set.addApart(4, 6)).hasMessage("[4, 6) overlaps {[0, 5)}");
  }

  @Test
  void removingFromTheMiddleLeavesBothEnds() {
    set.add(0, 1_000_000_000_000_000_000L);
    set.remove(10, 20);
    assertThat(set.intervals())
        .containsExactly(new Interval(0, 10), new Interval(20, 1_000_000_000_000_000_000L));
    assertThat(set.size()).isEqualTo(999_999_999_999_999_990L);
  }

  @Test
  void anIntervalThatEndsBeforeItBeginsIsRefused() {
    assertThatThrownBy(() -> set.add(3, 2)).hasMessage("not an interval: [3, 2)");
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void itHoldsWhatASetOfBitsHolds(@ForAll long seed) {
    Random random = new Random(seed);
    BitSet bits = new BitSet();
    IntervalSet set = new IntervalSet();
    for (int step = 0; step < 60; step++) {
      int from = random.nextInt(SPAN);
      int to = from + random.nextInt(SPAN - from + 1);
      switch (random.nextInt(3)) {
        case 0 -> {
          set.add(from, to);
          bits.set(from, to);
        }
        case 1 -> {
          set.remove(from, to);
          bits.clear(from, to);
        }
        default -> {
          if (!set.intersects(from, to)) {
            set.addApart(from, to);
            bits.set(from, to);
          }
        }
      }
      assertThat(members(set.intervals())).isEqualTo(bits);
      assertThat(set.size()).isEqualTo(bits.cardinality());
      assertThat(set.end()).isEqualTo(bits.length());
      assertThat(set.isEmpty()).isEqualTo(bits.isEmpty());
      assertThat(set.firstGap(from)).isEqualTo(bits.nextClearBit(from));
      assertThat(set.contains(from)).isEqualTo(bits.get(from));
      BitSet within = bits.get(from, to);
      assertThat(set.intersects(from, to)).isEqualTo(!within.isEmpty());
      BitSet missing = new BitSet();
      missing.set(from, to);
      missing.andNot(bits);
      assertThat(members(set.gaps(from, to))).isEqualTo(missing);
    }
  }

  private static BitSet members(List<Interval> intervals) {
    BitSet members = new BitSet();
    for (Interval interval : intervals) {
      assertThat(interval.isEmpty()).isFalse();
      assertThat(members.get((int) interval.from(), (int) interval.to()).isEmpty()).isTrue();
      members.set((int) interval.from(), (int) interval.to());
    }
    return members;
  }
}
