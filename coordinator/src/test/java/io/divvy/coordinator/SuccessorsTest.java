package io.divvy.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.RunOutcome.Death;
import io.divvy.coordinator.Successors.Hopes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuccessorsTest {
  private static final Hopes NONE = new Hopes(false, List.of(), false, false);
  private static final Hopes MORE = new Hopes(false, List.of(), false, true);
  private static final long START = Duration.ofDays(-1).toNanos();
  private static final long ENOUGH = START + Duration.ofSeconds(10).toNanos();

  private final Successors successors = new Successors();

  @Test
  void withoutHopeARunIsLostAtOnceAndTheLastDeathSaysWhy() {
    assertThat(lost(NONE, START)).contains("all nodes are lost: none could take part");
    Death death = new Death("n2", 4711, "killed by SIGKILL", List.of(), 0, 0);
    assertThat(successors.lost(NONE, List.of(death), START))
        .contains("all nodes are lost: n2: killed by SIGKILL");
  }

  @Test
  void whoMayComeIsWaitedForButNotForEver() {
    assertThat(lost(MORE, START)).isEmpty();
    assertThat(lost(MORE, ENOUGH - 1)).isEmpty();
    assertThat(lost(MORE, ENOUGH)).isPresent();
  }

  @Test
  void whoIsSilentOrHasNotAnsweredIsHopedFor() {
    Hopes silent = new Hopes(false, List.of(), true, false);
    Hopes asked = new Hopes(false, List.of("n1", "n2"), false, false);
    assertThat(lost(silent, START)).isEmpty();
    assertThat(lost(asked, START)).isEmpty();
    assertThat(lost(asked, ENOUGH)).contains("no node has answered for 10 s, asked: n1, n2");
  }

  @Test
  void aRunToWhichNobodyCameHopesUntilNodesAreGivenUp() {
    Hopes nobody = new Hopes(true, List.of(), false, false);
    assertThat(lost(nobody, START)).isEmpty();
    assertThat(lost(nobody, ENOUGH)).contains("no node is there, and none has come for 10 s");
    assertThat(new Successors().lost(nobody, List.of(), ENOUGH)).isEmpty();
    successors.giveUp("n1");
    assertThat(lost(nobody, START)).isPresent();
  }

  @Test
  void aSuccessorThatIsBeingStartedIsWaitedForHoweverLongItTakes() {
    successors.expect("n1");
    assertThat(lost(NONE, START)).isEmpty();
    assertThat(lost(NONE, ENOUGH)).isEmpty();
    successors.giveUp("n1");
    assertThat(lost(NONE, ENOUGH)).isPresent();
  }

  @Test
  void theWaitBeginsAnewAfterSomeoneWasThere() {
    assertThat(lost(MORE, START)).isEmpty();
    successors.someoneCanWork();
    assertThat(lost(MORE, ENOUGH)).isEmpty();
    assertThat(lost(MORE, ENOUGH + 1)).isEmpty();
  }

  private Optional<String> lost(Hopes hopes, long now) {
    return successors.lost(hopes, List.of(), now);
  }
}
