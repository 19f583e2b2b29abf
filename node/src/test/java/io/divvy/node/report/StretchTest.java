package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.job.Numbers;
import io.divvy.node.input.Ranges;
import io.divvy.node.input.UsageException;
import io.divvy.protocol.Interval;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StretchTest {

  @Test
  void aStretchIsWrittenAsAnInput() {
    assertThat(Stretch.of(new Numbers(0, 1, 100), new Interval(0, 50))).isEqualTo("0..50");
    assertThat(Stretch.of(new Numbers(1, 1, 100), new Interval(2, 3))).isEqualTo("3");
    assertThat(Stretch.of(new Numbers(0, 7, 100), new Interval(1, 3))).isEqualTo("7..=14:7");
    assertThat(Stretch.of(new Numbers(Long.MAX_VALUE - 1, 1, 2), new Interval(0, 2)))
        .isEqualTo("9223372036854775806..=9223372036854775807");
  }

  @Property
  void readAgainItIsTheSame(
      @ForAll @IntRange(min = -50, max = 50) int first,
      @ForAll @IntRange(min = 1, max = 9) int step,
      @ForAll boolean down,
      @ForAll @IntRange(min = 2, max = 50) int size)
      throws UsageException {
    Numbers numbers = new Numbers(first, down ? -step : step, 100);

    assertThat(Ranges.parse(Stretch.of(numbers, new Interval(3, 3 + size))))
        .isEqualTo(numbers.slice(3, 3 + size));
  }
}
