package io.divvy.node.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.divvy.config.DivvySettings;
import io.divvy.coordinator.Care;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Work;
import io.divvy.node.hardware.PeakMemory;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.NodeInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SequentialFleetTest {
  private static final DivvySettings SETTINGS = DivvySettings.from(ConfigFactory.empty());
  private static final NodeInfo NODE = new NodeInfo("n1", "", 1, 1, "here", 1, 0, "0", Map.of());

  @TempDir private Path scratch;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicReference<Thread> computing = new AtomicReference<>();
  private final List<JobEvent> events = new CopyOnWriteArrayList<>();

  /** Each number is its own value; that of 3 is not known before the latch opens. */
  private final class Slow implements MapKind<Long> {
    private final boolean listens;

    Slow(boolean listens) {
      this.listens = listens;
    }

    @Override
    public Long apply(long number, Work work) throws InterruptedException {
      if (number == 3) {
        computing.set(Thread.currentThread());
        begun.countDown();
        while (open.getCount() > 0) {
          try {
            open.await();
          } catch (InterruptedException e) {
            if (listens) {
              throw e;
            }
          }
        }
      }
      return number;
    }

    @Override
    public Codec<Long> codec() {
      return Codec.longs();
    }

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public String summary() {
      return "waits";
    }
  }

  @Test
  void anItemThatDoesNotListenIsNamedAndTheRunEndsWithoutIt() throws Exception {
    RunOutcome outcome = interrupted(new Slow(false));
    assertThat(outcome.status()).isEqualTo(Status.INTERRUPTED);
    assertThat(outcome.abandoned()).isEqualTo(1);
    assertThat(outcome.open()).last().isEqualTo(new Interval(outcome.done(), 9));
    assertThat(events).contains(new JobEvent.Deaf("slow 3"));
    int told = events.size();
    open.countDown();
    Objects.requireNonNull(computing.get()).join();
    assertThat(events).as("it came too late").hasSize(told);
  }

  @Test
  void anItemThatListensIsNotNamed() throws Exception {
    RunOutcome outcome = interrupted(new Slow(true));
    assertThat(outcome.status()).isEqualTo(Status.INTERRUPTED);
    assertThat(outcome.done() + outcome.remaining()).isEqualTo(9);
    assertThat(outcome.abandoned()).isZero();
    assertThat(events).noneMatch(JobEvent.Deaf.class::isInstance);
  }

  private RunOutcome interrupted(Slow kind) throws Exception {
    JobSpec job = new JobSpec("slow", "", Map.of(), 0, 1, 9, new JobSpec.Wanted(false, false));
    RunPlan plan =
        new RunPlan(
            kind,
            job,
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Care.ofRetries(0));
    try (SequentialFleet fleet =
        new SequentialFleet(
            SETTINGS,
            NODE,
            new PeakMemory(),
            scratch,
            (run, download) -> {
              throw new IOException("nothing is fetched here");
            })) {
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(
              () -> {
                try {
                  begun.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                fleet.interrupt();
              });
      RunOutcome outcome = fleet.run(plan, ItemSink.NONE, events::add);
      asking.join();
      return outcome;
    }
  }
}
