package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAlignedAsAsked() {
    assertThat(new Table("lr").row("a", "100").row("long", "1").lines())
        .containsExactly("a     100", "long    1");
  }

  @Test
  void linesEndWithoutBlanks() {
    assertThat(new Table("ll").row("a", "long").row("b", "").lines())
        .containsExactly("a  long", "b");
  }

  @Test
  void aRowHasAllCells() {
    assertThatThrownBy(() -> new Table("ll").row("a")).isInstanceOf(IllegalArgumentException.class);
  }
}
