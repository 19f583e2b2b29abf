package io.divvy.node.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.Care;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.node.kinds.Wait;
import io.divvy.node.model.IdleFleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import io.divvy.protocol.JobSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WarmUpTest {

  private static final RunPlan TINY =
      new RunPlan(
          new Wait(0),
          new JobSpec("wait", "", Map.of(), 0, 1, 9, new JobSpec.Wanted(false, false)),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalLong.of(1),
          Care.ofRetries(0));

  private final List<RunPlan> runs = new ArrayList<>();
  private Status status = Status.DONE;
  private long now = 5_000_000_000L;

  @Test
  void tinyJobsFollowOneAnotherUntilTheTimeIsOver() throws Exception {
    Optional<Trial> failed = warmUp(3).run(new Second(Model.THREADS), event -> {}, () -> false);

    assertThat(runs).containsExactly(TINY, TINY, TINY);
    assertThat(failed).isEmpty();
  }

  @Test
  void theBaselineHasNothingToWarmUp() throws Exception {
    warmUp(3).run(new Second(Model.SEQUENTIAL), event -> {}, () -> false);

    assertThat(runs).isEmpty();
    assertThat(warmUp(3).words(List.of(Model.SEQUENTIAL))).isEmpty();
  }

  @Test
  void noTimeIsNoJob() throws Exception {
    warmUp(0).run(new Second(Model.CLUSTER), event -> {}, () -> false);

    assertThat(runs).isEmpty();
    assertThat(warmUp(0).words(List.of(Model.SEQUENTIAL, Model.CLUSTER))).isEmpty();
  }

  @Test
  void whoIsToStopBeginsNoOther() throws Exception {
    warmUp(9).run(new Second(Model.CLUSTER), event -> {}, () -> runs.size() == 2);

    assertThat(runs).hasSize(2);
  }

  @Test
  void aJobThatIsNotDoneIsTheLastAndAnswered() throws Exception {
    status = Status.LOST;

    Optional<Trial> lost = warmUp(9).run(new Second(Model.PROCESSES), event -> {}, () -> false);

    assertThat(runs).hasSize(1);
    assertThat(lost.orElseThrow().status()).isEqualTo(Status.LOST);
  }

  private WarmUp warmUp(int seconds) {
    return new WarmUp(TINY, Duration.ofSeconds(seconds), () -> now);
  }

  /** Takes a second for each run. */
  private final class Second extends IdleFleet {
    Second(Model model) {
      super(model);
    }

    @Override
    public RunOutcome run(RunPlan plan, ItemSink sink, Keeper keeper, Consumer<JobEvent> listener) {
      runs.add(plan);
      now += 1_000_000_000L;
      return Samples.outcome(status, Samples.DIGEST, 1, 2, 1);
    }
  }
}
