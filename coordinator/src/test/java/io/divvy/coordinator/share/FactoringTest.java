package io.divvy.coordinator.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FactoringTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final long MINIMUM = 50 * MILLI;

  private final Factoring<String> sizes = new Factoring<>(1, 0, 5 * SECOND);

  @Test
  void theFirstChunkOfAWorkerIsOneBlock() {
    Factoring<String> blocks = new Factoring<>(512, 0, SECOND);
    blocks.join("ann", MINIMUM);
    assertThat(blocks.size("ann", 1_000_000)).isEqualTo(512);
    assertThat(blocks.size("stranger", 1_000_000)).isEqualTo(512);
  }

  @Test
  void aFixedSizeHoldsAlways() {
    Factoring<String> fixed = new Factoring<>(1, 7, SECOND);
    fixed.join("ann", MINIMUM);
    fixed.measured("ann", 1000, SECOND);
    assertThat(fixed.size("ann", 1_000_000)).isEqualTo(7);
  }

  @Test
  void aFixedSizeIsStillWholeBlocks() {
    assertThat(new Factoring<String>(512, 1300, SECOND).size("ann", 1)).isEqualTo(1536);
    assertThat(new Factoring<String>(512, 7, SECOND).size("ann", 1)).isEqualTo(512);
  }

  @Test
  void aRoundIsHalfOfWhatIsLeft() {
    measure("ann", 30, SECOND);
    measure("ben", 10, SECOND);
    assertThat(sizes.size("ann", 80)).isEqualTo(30);
    assertThat(sizes.size("ben", 80)).isEqualTo(10);
  }

  @Test
  void aChunkLastsNoLongerThanTheMaximum() {
    measure("ann", 1000, SECOND);
    assertThat(sizes.size("ann", 1_000_000_000_000_000_000L)).isEqualTo(5000);
    sizes.limit(2 * SECOND);
    assertThat(sizes.size("ann", Long.MAX_VALUE)).isEqualTo(2000);
  }

  @Test
  void aChunkLastsNoShorterThanTheMinimum() {
    measure("ann", 1000, SECOND);
    assertThat(sizes.size("ann", 10)).isEqualTo(50);
  }

  @Test
  void sizesNeverOverflow() {
    Factoring<String> endless = new Factoring<>(1, 0, Long.MAX_VALUE);
    endless.join("ann", MINIMUM);
    endless.measured("ann", Long.MAX_VALUE / 2, 10 * MILLI);
    assertThat(endless.size("ann", Long.MAX_VALUE)).isPositive();
  }

  @Test
  void aChunkGrowsSixteenfoldUntilTheRateIsTrusted() {
    measure("ann", 1, 1000);
    assertThat(sizes.size("ann", 1_000_000_000)).isEqualTo(16);
    sizes.measured("ann", 16, 1600);
    assertThat(sizes.size("ann", 1_000_000_000)).isEqualTo(256);
    sizes.measured("ann", 100_000, 10 * MILLI);
    assertThat(sizes.size("ann", 10_000_000)).isBetween(4_900_000L, 5_000_000L);
  }

  @Test
  void tinyMeasurementsWeighLittle() {
    measure("ann", 1_000_000, 100 * MILLI);
    for (int tiny = 0; tiny < 20; tiny++) {
      sizes.measured("ann", 1, 10_000);
    }
    assertThat(sizes.rate("ann")).isCloseTo(0.01, within(0.0001));
  }

  @Test
  void aWorkerThatSlowsDownIsNoticedSoon() {
    measure("ann", 1000, SECOND);
    sizes.measured("ann", 100, SECOND);
    assertThat(sizes.rate("ann")).isCloseTo(1e-7, within(2e-8));
  }

  @Test
  void whoIsNotMeasuredIsTakenForAnAverageOne() {
    sizes.join("new", MINIMUM);
    assertThat(sizes.rate("new")).isZero();
    measure("ann", 30, SECOND);
    measure("ben", 10, SECOND);
    assertThat(sizes.rate("new")).isCloseTo(20e-9, within(1e-15));
    assertThat(sizes.size("ann", 120)).isEqualTo(30);
  }

  @Test
  void whoLeftIsForgotten() {
    measure("ann", 30, SECOND);
    measure("ben", 10, SECOND);
    sizes.leave("ben");
    assertThat(sizes.size("ann", 60)).isEqualTo(30);
  }

  @Test
  void enoughChunksAreHeldToHideTheWay() {
    Factoring<String> fixed = new Factoring<>(1, 10, SECOND);
    fixed.join("ann", MINIMUM);
    assertThat(fixed.credit("ann", 1_000_000, 4, MILLI)).isEqualTo(1);
    fixed.measured("ann", 1000, MILLI);
    assertThat(fixed.credit("ann", 1_000_000, 4, MILLI / 10)).isEqualTo(11);
    assertThat(fixed.credit("ann", 1_000_000, 4, SECOND)).isEqualTo(256);
    assertThat(fixed.credit("ann", 100, 4, SECOND)).isEqualTo(2);
  }

  @Test
  void whoIsNotMeasuredHoldsOneChunk() {
    measure("ann", 1, 1000);
    sizes.join("new", MINIMUM);
    assertThat(sizes.credit("new", 1_000_000, 2, SECOND)).isEqualTo(1);
  }

  @Test
  void nobodyHoardsWhenThereIsNotAChunkForEverySlot() {
    measure("ann", 1000, SECOND);
    assertThat(sizes.credit("ann", 10, 4, SECOND)).isEqualTo(1);
  }

  private void measure(String worker, long items, long nanos) {
    sizes.join(worker, MINIMUM);
    sizes.measured(worker, items, nanos);
  }
}
