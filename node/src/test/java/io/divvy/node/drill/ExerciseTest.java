package io.divvy.node.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.input.UsageException;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExerciseTest {
  private static final NodeInfo ONE = node("one", 11);
  private static final NodeInfo TWO = node("two", 22);
  private static final long SECOND = 1_000_000_000L;

  private final List<String> signals = new ArrayList<>();
  private final List<String> outOfReach = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final List<Drilled> begun = new ArrayList<>();
  private final List<Drilled> concluded = new ArrayList<>();
  private final List<Long> killMe = new ArrayList<>();

  @Test
  void theNodeThatCountedLastIsKilledAndItsCostIsMeasured() throws UsageException {
    Exercise exercise = begin("kill-worker@40%");
    exercise.on(counted(ONE, 0, 30), 0);
    assertThat(signals).isEmpty();
    exercise.on(counted(TWO, 30, 40), SECOND);
    assertThat(signals).containsExactly("kill 22");

    exercise.on(gone("two", 2.5, new Interval(40, 50), new Interval(60, 61)), 2 * SECOND);
    exercise.on(counted(ONE, 50, 60), 3 * SECOND);
    assertThat(concluded).isEmpty();
    exercise.on(counted(ONE, 60, 70), 4 * SECOND);

    assertThat(concluded)
        .containsExactly(new Drilled("kill-worker", "40%", "two", 22, 1.0, 3.0, 2.5, -1, null));
  }

  @Test
  void aShortPauseIsNotNoticedAndEndsWithTheNextResult() throws UsageException {
    Exercise exercise = begin("pause-worker@10%:2s");
    exercise.on(counted(ONE, 0, 20), 0);
    assertThat(signals).containsExactly("stop 11");
    // What was on its way says nothing.
    exercise.on(counted(ONE, 20, 21), SECOND);
    later.get(0).run();
    exercise.on(counted(TWO, 30, 40), 3 * SECOND);
    assertThat(concluded).isEmpty();
    exercise.on(counted(ONE, 21, 30), 4 * SECOND);

    assertThat(signals).containsExactly("stop 11", "wake 11");
    assertThat(concluded)
        .containsExactly(new Drilled("pause-worker", "10%", "one", 11, -1, 4.0, 0, -1, null));
  }

  @Test
  void aLongPauseIsNoticedAndOverWhenTheNodeIsWokenUp() throws UsageException {
    Exercise exercise = begin("pause-worker@10%:9s");
    exercise.on(counted(ONE, 0, 20), 0);
    exercise.on(gone("one", 5, new Interval(20, 30)), 5 * SECOND);
    exercise.on(counted(TWO, 20, 30), 6 * SECOND);
    assertThat(concluded).isEmpty();
    later.get(0).run();
    exercise.on(counted(TWO, 30, 40), 9 * SECOND);

    assertThat(concluded)
        .containsExactly(new Drilled("pause-worker", "10%", "one", 11, 5.0, 6.0, 5, -1, null));
  }

  @Test
  void whoIsStoppedIsWokenUpWhenTheRunEnds() throws UsageException {
    Exercise exercise = begin("pause-worker@10%:9s");
    exercise.on(counted(ONE, 0, 20), 0);
    exercise.end();
    later.get(0).run();
    assertThat(signals).containsExactly("stop 11", "wake 11");
    assertThat(concluded).hasSize(1);
  }

  @Test
  void whoIsHitIsNotHitAgainWhileItSuffers() throws UsageException {
    Exercise exercise = begin("kill-worker@10%,kill-worker@11%,kill-worker@12%");
    exercise.on(counted(ONE, 0, 12), 0);
    assertThat(signals).containsExactly("kill 11", "kill 22");
    exercise.on(new JobEvent.NodeJoined(node("one", 12)), SECOND);
    assertThat(signals).containsExactly("kill 11", "kill 22", "kill 12");
  }

  @Test
  void aNodeElsewhereIsLeftAloneAndThatIsSaid() throws UsageException {
    outOfReach.addAll(List.of("one", "two"));
    Exercise exercise = begin("kill-worker@10%");
    exercise.on(counted(ONE, 0, 12), 0);
    assertThat(signals).isEmpty();
    assertThat(concluded.get(0).notDone()).contains("it is far away");
  }

  @Test
  void theCommandAsksToBeKilledAndDoesNothingMore() throws UsageException {
    Exercise exercise = begin("kill-coordinator@50%,kill-worker@60%");
    exercise.on(new JobEvent.Progressed(70, 0, 100, 2, 2), 0);
    exercise.end();
    assertThat(killMe).containsExactly(70L);
    assertThat(signals).isEmpty();
    assertThat(concluded).isEmpty();
  }

  @Test
  void beforeTheCommandIsKilledItSaysWhatItKnows() throws UsageException {
    Exercise exercise = begin("pause-worker@10%:9s,kill-coordinator@50%");
    exercise.on(counted(ONE, 0, 20), 0);
    exercise.on(new JobEvent.Progressed(70, 0, 100, 2, 2), SECOND);
    assertThat(signals).containsExactly("stop 11", "wake 11");
    assertThat(concluded).hasSize(1);
    assertThat(killMe).containsExactly(70L);
  }

  @Test
  void whatTheRunWasTooShortForIsSaidNotToBeDone() throws UsageException {
    Exercise exercise = begin("kill-worker@99%");
    exercise.on(counted(ONE, 0, 100), 0);
    exercise.end();
    assertThat(signals).isEmpty();
    assertThat(concluded.get(0).notDone()).contains("over");
  }

  private Exercise begin(String plan) throws UsageException {
    DrillPlan drills = DrillPlan.parse(plan, time -> Duration.ofSeconds(1));
    Exercise exercise =
        new Exercise(
            drills.drills(), 0, new Fake(), (delay, what) -> later.add(what), new Telling());
    exercise.on(new JobEvent.Started(RunKey.random(), 100), 0);
    exercise.on(new JobEvent.NodeJoined(ONE), 0);
    exercise.on(new JobEvent.NodeJoined(TWO), 0);
    return exercise;
  }

  private static NodeInfo node(String name, long pid) {
    return new NodeInfo(name, "127.0.0.1:1", pid, 1, "here", 2, 0, "1", Map.of());
  }

  private static JobEvent counted(NodeInfo node, long from, long to) {
    return new JobEvent.Counted(node, 0, new Interval(from, to), Durations.ZERO);
  }

  private static JobEvent gone(String node, double lost, Interval... again) {
    return new JobEvent.NodeGone(node, "silence", false, "", List.of(again), lost);
  }

  private final class Fake implements Signals {

    @Override
    public Optional<String> outOfReach(NodeInfo node) {
      return outOfReach.contains(node.name()) ? Optional.of("it is far away") : Optional.empty();
    }

    @Override
    public void kill(long pid) {
      signals.add("kill " + pid);
    }

    @Override
    public Stopped stop(long pid) {
      signals.add("stop " + pid);
      return () -> signals.add("wake " + pid);
    }
  }

  private final class Telling implements Exercise.Told {

    @Override
    public void begun(int drill, Drilled drilled) {
      begun.add(drilled);
    }

    @Override
    public void learned(int drill, Drilled drilled) {
      assertThat(begun).isNotEmpty();
    }

    @Override
    public void concluded(int drill, Drilled drilled) {
      concluded.add(drilled);
    }

    @Override
    public void killMe(int drill, Drilled drilled, long counted) {
      killMe.add(counted);
    }
  }
}
