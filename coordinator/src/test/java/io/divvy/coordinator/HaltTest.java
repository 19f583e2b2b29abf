package io.divvy.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class HaltTest {

  @Test
  void aPartOfAllItemsIsRoundedUpAndAtLeastOne() {
    Halt halt = new Halt.Percent(new BigDecimal("0.5"));
    assertThat(halt.limit(1000)).isEqualTo(5);
    assertThat(halt.limit(1001)).isEqualTo(6);
    assertThat(halt.limit(3)).isEqualTo(1);
    assertThat(new Halt.Percent(BigDecimal.valueOf(100)).limit(Long.MAX_VALUE))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aNumberOfItemsIsThatNumberHoweverManyThereAre() {
    assertThat(new Halt.Items(7).limit(3)).isEqualTo(7);
    assertThat(Halt.Never.INSTANCE.limit(3)).isEqualTo(Long.MAX_VALUE);
  }
}
