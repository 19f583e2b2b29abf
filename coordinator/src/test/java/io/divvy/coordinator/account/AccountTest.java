package io.divvy.coordinator.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.divvy.protocol.Durations;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountTest {

  private static final long SECOND = 1_000_000_000L;
  private final Account account = new Account();

  @Test
  void everySecondOfABusySlotHasTheNameTheNodeGaveIt() {
    account.granted("a", 0);
    account.assigned("a", 0);
    account.told("a", durations(0, 5, 2, 1, 1), true);
    account.released("a", 9 * SECOND, false);
    assertThat(account.seconds())
        .contains(
            entry("capacity", 9.0),
            entry("compute", 5.0),
            entry("waiting", 2.0),
            entry("stolen", 1.0),
            entry("gc", 1.0),
            entry("unexplained", 0.0));
  }

  @Test
  void idlenessOfASlotWithChunksUnderWayIsDispatch() {
    account.granted("a", 0);
    account.assigned("a", 0);
    account.told("a", durations(2, 5, 0, 0, 0), true);
    account.released("a", 7 * SECOND, false);
    assertThat(account.seconds()).contains(entry("dispatch", 2.0), entry("tail", 0.0));
  }

  @Test
  void aSlotThatIsGrantedAnewKeepsWhatItSpentBefore() {
    account.granted("a", 0);
    account.idle("a", 0, false);
    account.granted("a", 2 * SECOND);
    account.idle("a", 2 * SECOND, false);
    account.close(5 * SECOND);
    assertThat(account.seconds())
        .contains(entry("capacity", 5.0), entry("tail", 5.0), entry("unexplained", 0.0));
  }

  @Test
  void idlenessWithWorkQueuedIsStarvedAndWithoutIsTail() {
    account.granted("a", 0);
    account.assigned("a", 0);
    account.told("a", durations(0, 1, 0, 0, 0), true);
    account.idle("a", SECOND, true);
    account.assigned("a", 3 * SECOND);
    account.told("a", durations(2, 1, 0, 0, 0), true);
    account.idle("a", 4 * SECOND, false);
    account.close(8 * SECOND);
    assertThat(account.seconds())
        .contains(
            entry("capacity", 8.0),
            entry("compute", 2.0),
            entry("starved", 2.0),
            entry("tail", 4.0),
            entry("dispatch", 0.0),
            entry("unexplained", 0.0));
  }

  @Test
  void whatADeadSlotDidNotTellIsDeadTime() {
    account.granted("a", 0);
    account.assigned("a", 0);
    account.told("a", durations(0, 2, 0, 0, 0), true);
    account.released("a", 5 * SECOND, true);
    assertThat(account.seconds()).contains(entry("dead", 3.0), entry("compute", 2.0));
  }

  @Test
  void theComputationOfADroppedResultIsRepeated() {
    account.granted("a", 0);
    account.told("a", durations(0, 2, 1, 0, 0), false);
    account.close(3 * SECOND);
    assertThat(account.seconds()).contains(entry("repeated", 3.0), entry("compute", 0.0));
  }

  @Test
  void allNamesAddUpToCapacity() {
    account.granted("a", 0);
    account.assigned("a", SECOND / 10);
    account.told("a", durations(1, 5, 2, 1, 1), true);
    account.idle("a", 10 * SECOND, false);
    account.granted("b", SECOND);
    account.released("b", 4 * SECOND, true);
    account.close(12 * SECOND);
    double named = 0;
    double capacity = 0;
    for (Map.Entry<String, Double> second : account.seconds().entrySet()) {
      if (second.getKey().equals("capacity")) {
        capacity = second.getValue();
      } else {
        named += second.getValue();
      }
    }
    assertThat(named).isCloseTo(capacity, within(1e-9));
  }

  private static Durations durations(long idle, long computed, long waited, long stolen, long gc) {
    return new Durations(
        0, idle * SECOND, computed * SECOND, waited * SECOND, stolen * SECOND, gc * SECOND, 0, 0);
  }
}
