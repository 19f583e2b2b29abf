package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.protocol.Durations;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SlotClockTest {
  private static final long MILLI = 1_000_000;

  private long now;
  private Reading reading = new Reading(0, 0, 0);
  private final ThreadClock thread =
      new ThreadClock(
          () -> reading.running, () -> reading.ready, () -> reading.collecting, () -> {});
  private final SlotClock clock = new SlotClock(() -> now, thread, 0);

  /** What the machine tells of the thread since its start. */
  private record Reading(long running, long ready, long collecting) {}

  @Test
  void splitsTheTimeOfTheFunctionByWhatTheMachineTells() {
    pass(10 * MILLI, new Reading(5 * MILLI, 2 * MILLI, MILLI));
    clock.ran(10 * MILLI);
    assertThat(clock.lap(7))
        .isEqualTo(new Durations(7, 0, 5 * MILLI, 2 * MILLI, 2 * MILLI, MILLI, 0, 0));
  }

  @Test
  void takesWhatIsNotTheFunctionsForEncoding() {
    pass(3 * MILLI, new Reading(3 * MILLI, 0, 0));
    clock.ran(2 * MILLI);
    assertThat(clock.lap(0)).isEqualTo(new Durations(0, 0, 2 * MILLI, 0, 0, 0, MILLI, 0));
  }

  @Test
  void givesTheFunctionOnlyItsShareOfTheTimeThatOthersHadTheCore() {
    pass(10 * MILLI, new Reading(4 * MILLI, 6 * MILLI, 0));
    clock.ran(5 * MILLI);
    assertThat(clock.lap(0))
        .isEqualTo(new Durations(0, 0, 2 * MILLI, 0, 3 * MILLI, 0, 5 * MILLI, 0));
  }

  @Test
  void keepsIdleAndBlockedTimeApartFromWaiting() {
    pass(4 * MILLI, new Reading(0, 0, 0));
    clock.idleSince(0);
    pass(5 * MILLI, new Reading(0, 0, 0));
    clock.blockedSince(4 * MILLI);
    pass(MILLI, new Reading(MILLI, 0, 0));
    clock.ran(MILLI);
    assertThat(clock.lap(0)).isEqualTo(new Durations(0, 4 * MILLI, MILLI, 0, 0, 0, 0, 5 * MILLI));
  }

  @Test
  void countsTheTimeBeforeTheThreadHeardOfTheGrantAsIdle() {
    now = 5;
    SlotClock late = new SlotClock(() -> now, thread, 2);
    assertThat(late.lap(0)).isEqualTo(new Durations(0, 3, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void asksTheMachineNotMoreOftenThanOnceAMillisecond() {
    pass(MILLI / 2, new Reading(0, MILLI / 2, 0));
    clock.ran(MILLI / 2);
    assertThat(clock.lap(0).computed()).isEqualTo(MILLI / 2);
    pass(2 * MILLI, new Reading(2 * MILLI, MILLI / 2, 0));
    clock.ran(2 * MILLI);
    assertThat(clock.lap(0).stolen()).isEqualTo(MILLI / 2);
  }

  @Property
  void accountsForEveryNanosecondWhateverTheMachineTells(@ForAll long seed) {
    Random random = new Random(seed);
    now = 0;
    SlotClock fresh = new SlotClock(() -> now, thread, 0);
    long spans = 0;
    for (int step = 0; step < 50; step++) {
      long before = now;
      pass(
          random.nextInt(5_000_000),
          new Reading(random.nextInt(), random.nextInt(), random.nextInt()));
      switch (random.nextInt(4)) {
        case 0 -> fresh.idleSince(before);
        case 1 -> fresh.blockedSince(before);
        case 2 -> fresh.ran(now - before);
        default -> {
          Durations lap = fresh.lap(0);
          assertThat(
                  List.of(
                      lap.idle(),
                      lap.computed(),
                      lap.waited(),
                      lap.stolen(),
                      lap.gc(),
                      lap.encoded(),
                      lap.blocked()))
              .allMatch(part -> part >= 0);
          spans += lap.span();
        }
      }
    }
    assertThat(spans + fresh.lap(0).span()).isEqualTo(now);
  }

  private void pass(long nanos, Reading then) {
    now += nanos;
    reading = then;
  }
}
