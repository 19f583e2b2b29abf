package io.divvy.node.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
  private static final List<String> MODELS =
      List.of("sequential", "threads", "processes", "cluster");

  @ParameterizedTest
  @CsvSource({
    "thread, threads",
    "THREADS, threads",
    "theards, threads",
    "proceses, processes",
    "seq, sequential",
    "clutser, cluster"
  })
  void aMistypedWordHasANearestOne(String typed, String meant) {
    assertThat(Suggestions.nearest(typed, MODELS)).contains(meant);
  }

  @Test
  void aWordUnlikeAllOthersHasNone() {
    assertThat(Suggestions.nearest("gpu", MODELS)).isEmpty();
    assertThat(Suggestions.nearest("run", List.of("sum"))).isEmpty();
  }

  @Test
  void theLineNamesTheNearestAndAll() {
    assertThat(Suggestions.unknown("kind", "summ", List.of("heavy", "sum")))
        .isEqualTo("unknown kind 'summ'; did you mean 'sum'? known: heavy, sum");
    assertThat(Suggestions.unknown("kind", "x", List.of("heavy", "sum")))
        .isEqualTo("unknown kind 'x'; known: heavy, sum");
  }

  @Test
  void twoSwappedLettersAreOneSlip() {
    assertThat(Suggestions.slips("form", "from")).isEqualTo(1);
    assertThat(Suggestions.slips("kitten", "sitting")).isEqualTo(3);
  }

  @Property
  void slipsAreTheSameInBothDirectionsAndZeroForEqualWords(
      @ForAll @AlphaChars @StringLength(max = 8) String one,
      @ForAll @AlphaChars @StringLength(max = 8) String other) {
    assertThat(Suggestions.slips(one, other)).isEqualTo(Suggestions.slips(other, one));
    assertThat(Suggestions.slips(one, other) == 0).isEqualTo(one.equals(other));
  }
}
