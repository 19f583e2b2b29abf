package io.divvy.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.RunOutcome.Death;
import io.divvy.coordinator.Successors.Hopes;
import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeathsTest {
  private static final NodeInfo NODE =
      new NodeInfo("n1", "n1:1", 4711, 2, "here", 2, 0, "0", Map.of());

  private final Deaths deaths = new Deaths();

  @Test
  void aSuccessorOfTheSameNameDiesADeathOfItsOwn() {
    deaths.add(death(4711, "killed by SIGKILL", new Interval(3, 5)));
    deaths.add(death(4712, "killed by SIGKILL", new Interval(3, 4)));
    assertThat(deaths.all()).extracting(Death::pid).containsExactly(4711L, 4712L);
  }

  @Test
  void oneProcessIsNamedOnceHoweverOftenItIsMissed() {
    deaths.add(death(4711, "silence", new Interval(3, 5)));
    deaths.learn(NODE, "it came back");
    deaths.add(death(4711, "killed by SIGKILL", new Interval(7, 8)));
    assertThat(deaths.all())
        .containsExactly(
            new Death(
                "n1",
                4711,
                "silence; then: it came back; then: killed by SIGKILL",
                List.of(new Interval(3, 5), new Interval(7, 8)),
                0.5,
                3));
    Hopes none = new Hopes(false, List.of(), false, false);
    assertThat(new Successors().lost(none, deaths.all(), 0).orElseThrow())
        .startsWith("all nodes are lost: n1: silence; then");
  }

  @Test
  void aDeathSaysWhatItCost() {
    assertThat(death(4711, "killed by SIGKILL", new Interval(3, 5)).details())
        .isEqualTo(
            " (pid 4711, last heard of 0.5 s ago, 2 items to be run again, 1.5 s of computing"
                + " lost)");
    assertThat(new Death("n1", 1, "", List.of(new Interval(0, 1)), -1, -1).details())
        .isEqualTo(" (pid 1, 1 item to be run again)");
  }

  private static Death death(long pid, String evidence, Interval held) {
    return new Death("n1", pid, evidence, List.of(held), 0.5, 1.5);
  }
}
