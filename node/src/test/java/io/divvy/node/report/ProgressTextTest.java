package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ProgressTextTest {

  @Test
  void aLineSaysHowFarHowFastAndHowLongStill() {
    assertThat(new ProgressText(412_000_000, 0, 1_000_000_000, 103e6, 2, 4).line())
        .isEqualTo("41.2%, 412M of 1G items, 103M/s, ETA 6 s, 2 nodes, 4 workers");
  }

  @Test
  void aTrillionMillionItemsAreNoTrouble() {
    assertThat(new ProgressText(3_000_000_000L, 0, 1_000_000_000_000_000_000L, 1e9, 1, 2).line())
        .isEqualTo("0.0%, 3G of 1E items, 1G/s, ETA 31.6 years, 1 node, 2 workers");
  }

  @Test
  void whatIsUnknownIsLeftOutAndFailuresAreTold() {
    assertThat(new ProgressText(1, 1, 8, 0, 1, 1).line())
        .isEqualTo("12.5%, 1 of 8 items, 1 failed, 1 node, 1 worker");
  }

  @Test
  void aBarIsFullOnlyAtTheEnd() {
    assertThat(new ProgressText(99, 0, 100, 0, 1, 1).bar(60)).startsWith("[#").contains("-] 99.0%");
    assertThat(new ProgressText(100, 0, 100, 0, 1, 1).bar(60)).contains("##] 100.0%");
  }

  @Property
  void aBarLeavesTheLastColumnFree(
      @ForAll @LongRange(min = 0) long counted,
      @ForAll @LongRange(min = 0) long more,
      @ForAll @IntRange(min = 1, max = 200) int columns) {
    long items = counted > Long.MAX_VALUE - more ? Long.MAX_VALUE : counted + more;

    assertThat(new ProgressText(counted, 0, items, 12.5, 3, 6).bar(columns).length())
        .isLessThan(columns);
  }
}
