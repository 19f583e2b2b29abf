package io.divvy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {

  @Test
  void aWordWithAFewWrongLettersIsFound() {
    assertThat(Words.nearest("quantm", List.of("offer-timeout", "quantum"))).contains("quantum");
  }

  @Test
  void aWordUnlikeAllOthersIsNot() {
    assertThat(Words.nearest("colour", List.of("node", "quantum"))).isEmpty();
  }

  @Test
  void theDistanceCountsChangesAdditionsAndOmissions() {
    assertThat(Words.distance("", "abc")).isEqualTo(3);
    assertThat(Words.distance("abc", "abc")).isZero();
    assertThat(Words.distance("kitten", "sitting")).isEqualTo(3);
  }
}
