package io.divvy.node.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.job.Numbers;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangesTest {

  @ParameterizedTest
  @CsvSource({
    "1..9, 1, 1, 8",
    "0..=9, 0, 1, 10",
    "-5..5, -5, 1, 10",
    "-5..-2, -5, 1, 3",
    "0..100_000_000, 0, 1, 100000000",
    "0..1e18, 0, 1, 1000000000000000000",
    "0..1.5e3, 0, 1, 1500",
    "0..+5, 0, 1, 5",
    "0..10:3, 0, 3, 4",
    "0..9:3, 0, 3, 3",
    "0..=9:3, 0, 3, 4",
    "10..0:-2, 10, -2, 5",
    "10..=0:-2, 10, -2, 6",
    "5..5, 5, 1, 0",
    "5..=5, 5, 1, 1",
    "5..5:-1, 5, -1, 0",
    "-9e18..9e18:4, -9000000000000000000, 4, 4500000000000000000",
    "0..9223372036854775807, 0, 1, 9223372036854775807",
    "1..=9223372036854775807, 1, 1, 9223372036854775807",
    "-9223372036854775808..-9223372036854775806, -9223372036854775808, 1, 2",
    "0..=-9223372036854775808:-9223372036854775808, 0, -9223372036854775808, 2",
  })
  void aRangeIsRead(String text, long first, long step, long count) throws Exception {
    assertThat(Ranges.parse(text)).isEqualTo(new Numbers(first, step, count));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9..1 | is reversed: 9 is above 1; write 1..9, or 9..1:-1 to count down",
        "9..=8 | is reversed: 9 is above 8; write 8..=9, or 9..=8:-1 to count down",
        "9..1:2 | is reversed: steps of 2 never lead from 9 to 1; write 9..1:-2",
        "1..9:-2 | is reversed: steps of -2 never lead from 1 to 9; write 1..9:2",
        "1..9:0 | has a step of 0: write another, for example 0..100:2",
        "a..b | has an unreadable start 'a': write a whole number such as 1000, 1_000 or 1e3",
        "1..b | has an unreadable end 'b': write a whole number such as 1000, 1_000 or 1e3",
        "1.5..3 | has an unreadable start '1.5': write a whole number such as 1000, 1_000 or 1e3",
        "1...3 | has an unreadable end '.3': write a whole number such as 1000, 1_000 or 1e3",
        "1..5:x | has an unreadable step 'x': write a whole number such as 1000, 1_000 or 1e3",
        "1..5:1:1 | has an unreadable step '1:1': write a whole number such as 1000, 1_000 or 1e3",
        "1.. | has no end: write for example 0..100",
        "1..= | has no end: write for example 0..100",
        "..5 | has no start: write for example 0..100",
        "1..5: | has no step: write for example 0..100:2",
        "'' | is unreadable: write A..B, A..=B or A..B:STEP, for example 0..100",
        "5 | is unreadable: write A..B, A..=B or A..B:STEP, for example 0..100",
        "1.5 | is unreadable: write A..B, A..=B or A..B:STEP, for example 0..100",
        "0..99999999999999999999999 | goes beyond 64 bits: its end is 99999999999999999999999,"
            + " allowed is -9223372036854775808 to 9223372036854775807",
        "0..1e999999999999 | goes beyond 64 bits: its end is 1e999999999999,"
            + " allowed is -9223372036854775808 to 9223372036854775807",
        "-9e18..9e18 | has 18000000000000000000 items, allowed are 9223372036854775807: split it in"
            + " two",
        "0..=9223372036854775807 | has 9223372036854775808 items, allowed are 9223372036854775807:"
            + " split it in two",
      })
  void aWrongRangeIsExplained(String text, String message) {
    assertThatThrownBy(() -> Ranges.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessage("range '" + text + "' " + message);
  }

  @Property
  void aRangeHoldsWhatPythonsRangeHolds(
      @ForAll @IntRange(min = -50, max = 50) int from,
      @ForAll @IntRange(max = 50) int length,
      @ForAll @IntRange(min = 1, max = 9) int step)
      throws Exception {
    int to = from + length;
    Numbers numbers = Ranges.parse(from + ".." + to + ":" + step);
    assertThat(LongStream.range(0, numbers.count()).map(numbers::at).boxed())
        .containsExactlyElementsOf(
            LongStream.iterate(from, number -> number < to, number -> number + step)
                .boxed()
                .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1..9 | 8 items, 1 to 8",
        "5..5 | no items",
        "5..6 | 1 item, 5",
        "10..0:-2 | 5 items, 10 to 2, step -2",
        "-1000..=-100 | 901 items, -1,000 to -100",
        "0..1e8 | 100,000,000 items, 0 to 99,999,999",
      })
  void theNumbersAreDescribedInWords(String text, String words) throws Exception {
    assertThat(Ranges.describe(Ranges.parse(text))).isEqualTo(words);
  }

  @Test
  void everyDigitOfTheSmallestLongIsWritten() {
    assertThat(Ranges.describe(new Numbers(Long.MIN_VALUE, 1, 1)))
        .isEqualTo("1 item, -9,223,372,036,854,775,808");
  }
}
