package io.divvy.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CodecTest {
  private static final Codec<Double> SIX = Codec.doubles(6);

  // Python: '%.6f' % value
  @Test
  void aDoubleIsRoundedAsPythonRoundsIt() {
    assertThat(SIX.line(0.0000005)).isEqualTo("0.000000");
    assertThat(SIX.line(0.0000015)).isEqualTo("0.000002");
    assertThat(SIX.line(1.0000005)).isEqualTo("1.000001");
    assertThat(SIX.line(0.0000025)).isEqualTo("0.000003");
    assertThat(Codec.doubles(2).line(0.125)).isEqualTo("0.12");
    assertThat(SIX.line(1e22)).isEqualTo("10000000000000000000000.000000");
    assertThat(SIX.line(-1e-9)).isEqualTo("-0.000000");
    assertThat(SIX.line(-0.0)).isEqualTo("-0.000000");
    assertThat(SIX.line(-12.5)).isEqualTo("-12.500000");
  }

  @Test
  void whatIsNoNumberHasALineToo() {
    assertThat(SIX.line(Double.NaN)).isEqualTo("nan");
    assertThat(SIX.line(Double.POSITIVE_INFINITY)).isEqualTo("inf");
    assertThat(SIX.line(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
  }

  @Property
  void everyLongComesBackFromItsBytes(@ForAll long value) {
    byte[] bytes = Codec.longs().encode(value);
    assertThat(Codec.longs().decode(bytes)).isEqualTo(value);
    assertThat(bytes).isEqualTo(Codec.integers().encode(BigInteger.valueOf(value)));
  }

  @Property
  void everyDoubleComesBackFromItsBytes(@ForAll double value) {
    assertThat(SIX.decode(SIX.encode(value))).isEqualTo(value);
  }

  @Property
  void everyTextComesBackAndStaysOnItsLine(@ForAll String value) {
    // Half a surrogate pair is no text: UTF-8 cannot carry it.
    String text = value.codePoints().anyMatch(CodecTest::isSurrogate) ? "plain" : value;
    assertThat(Codec.text().decode(Codec.text().encode(text))).isEqualTo(text);
    assertThat(Codec.text().line(text)).doesNotContain("\n", "\r");
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
