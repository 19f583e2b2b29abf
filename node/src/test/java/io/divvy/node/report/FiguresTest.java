package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void countsAreShortAndNeverRoundedUp() {
    assertThat(Figures.compact(0)).isEqualTo("0");
    assertThat(Figures.compact(999)).isEqualTo("999");
    assertThat(Figures.compact(15.26)).isEqualTo("15.2");
    assertThat(Figures.compact(1000)).isEqualTo("1k");
    assertThat(Figures.compact(1_239_999)).isEqualTo("1.23M");
    assertThat(Figures.compact(99_999_999)).isEqualTo("99.9M");
    assertThat(Figures.compact(999_999_999)).isEqualTo("999M");
    assertThat(Figures.compact(1e18)).isEqualTo("1E");
    assertThat(Figures.compact(Long.MAX_VALUE)).isEqualTo("9.22E");
  }

  @Test
  void onlyAllOfItIsAHundredPercent() {
    assertThat(Figures.percent(999_999, 1_000_000)).isEqualTo("99.9%");
    assertThat(Figures.percent(999_999_999_999_999_999L, 1_000_000_000_000_000_000L))
        .isEqualTo("99.9%");
    assertThat(Figures.percent(7, 7)).isEqualTo("100.0%");
    assertThat(Figures.percent(0, 0)).isEqualTo("100.0%");
  }

  @Test
  void timesToWaitHaveTheUnitsOfTheirLength() {
    assertThat(Figures.duration(0.2)).isEqualTo("1 s");
    assertThat(Figures.duration(200)).isEqualTo("3 min 20 s");
    assertThat(Figures.duration(7500)).isEqualTo("2 h 5 min");
    assertThat(Figures.duration(100_000)).isEqualTo("1 d 3 h");
    assertThat(Figures.duration(1e9)).isEqualTo("31.6 years");
    assertThat(Figures.duration(1e18)).isEqualTo("31.6G years");
  }

  @Test
  void measuredTimesHaveAsManyDigitsAsTheyDeserve() {
    assertThat(Figures.seconds(0.01234)).isEqualTo("0.0123 s");
    assertThat(Figures.seconds(0.1234)).isEqualTo("0.123 s");
    assertThat(Figures.seconds(12.345)).isEqualTo("12.35 s");
    assertThat(Figures.seconds(1234.56)).isEqualTo("1234.6 s");
  }
}
