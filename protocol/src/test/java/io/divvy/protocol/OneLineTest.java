package io.divvy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void whatAPersonReadsIsOneLineWithoutTricks() {
    ToAgent.Cancel cancel =
        new ToAgent.Cancel(new RunKey("00", 0), "ann\u001b[2J\nben \u202e \ud83d\ude00 \ud800");
    assertThat(cancel.by()).isEqualTo("ann?[2J?ben ? \ud83d\ude00 ?");
  }

  @Test
  void aLongOneIsCut() {
    assertThat(OneLine.of("a".repeat(OneLine.MOST))).hasSize(OneLine.MOST);
    assertThat(OneLine.of("a".repeat(5000))).hasSize(OneLine.MOST + 3).endsWith("...");
  }

  @Test
  void anAnswerNamesSoManyRunsAndCountsTheOthers() {
    ToScout.Run run = new ToScout.Run(new RunKey("00", 0), "sum 0..9", "h:1");
    ToScout.UnderWay answer =
        new ToScout.UnderWay("", "h:2", List.of(), Collections.nCopies(99, run), 0);
    assertThat(answer.with(List.of(run)).more()).isZero();
    ToScout.UnderWay full = answer.with(List.of(run, run, run));
    assertThat(full.runs()).hasSize(ToScout.UnderWay.MOST);
    assertThat(full.more()).isEqualTo(2);
  }
}
