package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.input.UsageException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTextTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "5000000, 5000000",
    "200k, 204800",
    "200 K, 204800",
    "1.5M, 1572864",
    "2GiB, 2147483648",
    "2gb, 2147483648",
    "3T, 3298534883328",
    "0.5k, 512",
    "10b, 10",
    "8388607T, 9223370937343148032",
  })
  void bytesHaveUnitsOf1024(String text, long bytes) throws Exception {
    assertThat(OptionText.bytes("--x", text)).hasValue(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0.0",
        "0.1",
        "-1",
        "+1",
        "1e6",
        "k",
        "1.k",
        "1kk",
        "9q",
        "8388608T",
        "٣"
      })
  void whatIsNoNumberOfBytesIsToldWithWhatIs(String text) {
    assertThatThrownBy(() -> OptionText.bytes("--x", text))
        .isInstanceOf(UsageException.class)
        .hasMessage("--x is '" + text + "'; give a number of bytes such as 5000000, 200k or 1.5M");
  }

  @ParameterizedTest
  @CsvSource({
    "1, PT1S",
    "0.5, PT0.5S",
    "30s, PT30S",
    "500ms, PT0.5S",
    "500 ms, PT0.5S",
    "2m, PT2M",
    "1.5h, PT1H30M",
    "1ms, PT0.001S",
    "8760h, PT8760H",
  })
  void timesAreSecondsUnlessTheySayOtherwise(String text, Duration time) throws Exception {
    assertThat(OptionText.time("--x", text, false)).contains(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "soon", "1d", "1 2", "0", "0ms", "8761h", "9999999999", "0.9ms"})
  void whatIsNoTimeIsToldWithWhatIs(String text) {
    assertThatThrownBy(() -> OptionText.time("--x", text, false))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "--x is '"
                + text
                + "'; give seconds such as 0.5 or 30, or 500ms, 2m, 1h, at least 1ms");
  }

  @Test
  void noBytesAtAllAreMeantByNoughtWhereThatMakesSense() throws Exception {
    assertThat(OptionText.bytesOrNone("--x", "0")).hasValue(0);
    assertThat(OptionText.bytesOrNone("--x", "2k")).hasValue(2048);
    assertThatThrownBy(() -> OptionText.bytesOrNone("--x", "-1"))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void whatWasNotGivenIsNothing() throws Exception {
    assertThat(OptionText.bytes("--x", null)).isEmpty();
    assertThat(OptionText.time("--x", null, false)).isEmpty();
  }

  @Test
  void aPauseMayBeNone() throws Exception {
    assertThat(OptionText.time("--x", "0", true)).contains(Duration.ZERO);
  }
}
