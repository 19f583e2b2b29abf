package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void numbersADoubleCannotHoldAreText() {
    assertThat(
            new Json()
                .put("exact", 1L << 53)
                .put("above", (1L << 53) + 1)
                .put("least", Long.MIN_VALUE)
                .line())
        .isEqualTo(
            "{\"exact\":9007199254740992,\"above\":\"9007199254740993\","
                + "\"least\":\"-9223372036854775808\"}");
  }

  @Test
  void figuresAreRoundedAndWhatIsNoNumberIsNull() {
    assertThat(
            new Json()
                .seconds("t", 0.1234567891)
                .seconds("nan", Double.NaN)
                .ratio("s", OptionalDouble.of(1.98765432))
                .ratio("none", OptionalDouble.empty())
                .ratio("infinite", OptionalDouble.of(Double.POSITIVE_INFINITY))
                .bytes("unknown", -1)
                .line())
        .isEqualTo(
            "{\"t\":0.123457,\"nan\":null,\"s\":1.9877,\"none\":null,\"infinite\":null,"
                + "\"unknown\":null}");
  }
}
