package io.divvy.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void theWayFromFirstToLastMayBeLongerThanALong() {
    Numbers numbers = new Numbers(Long.MIN_VALUE, 3, 6_148_914_691_236_517_206L);
    assertThat(numbers.last()).isEqualTo(Long.MAX_VALUE);
    assertThat(numbers.at(3_074_457_345_618_258_603L)).isEqualTo(1);
  }

  @Test
  void aLastNumberBeyondALongIsRefused() {
    assertThatThrownBy(() -> new Numbers(Long.MIN_VALUE, 3, 6_148_914_691_236_517_207L))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Numbers(Long.MAX_VALUE, 1, 2))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Numbers(Long.MIN_VALUE, -1, 2))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void aSliceHasTheNumbersOfItsIndices() {
    assertThat(new Numbers(10, -2, 5).slice(1, 3)).isEqualTo(new Numbers(8, -2, 2));
  }

  @Test
  void anEmptySliceMayLieAtTheEnd() {
    assertThat(new Numbers(Long.MAX_VALUE, 1, 1).slice(1, 1).count()).isZero();
  }
}
