package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import io.divvy.protocol.DownloadSpec;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class InterruptsTest {

  @Test
  void aFleetAtWorkIsAskedUntilTheCommandHasSpoken() throws InterruptedException {
    CountDownLatch askedTwice = new CountDownLatch(2);
    Thread hook;
    try (Interrupts interrupts = Interrupts.listen(Duration.ofSeconds(60))) {
      interrupts.working(new Asked(askedTwice));
      hook = new Thread(interrupts::interrupt);
      hook.start();

      assertThat(askedTwice.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(interrupts.requested()).isTrue();
    }
    hook.join(20_000);

    assertThat(hook.isAlive()).isFalse();
  }

  @Test
  void aCommandThatSpeaksIsLeftAloneAndNotWaitedForLongerThanPromised()
      throws InterruptedException {
    try (Interrupts interrupts = Interrupts.listen(Duration.ofMillis(1))) {
      interrupts.saying();
      Thread hook = new Thread(interrupts::interrupt);
      hook.start();
      hook.join(20_000);

      assertThat(hook.isAlive()).isFalse();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void aCommandThatStillStartsIsInterruptedItself() throws InterruptedException {
    try (Interrupts interrupts = Interrupts.listen(Duration.ofMillis(1))) {
      Thread hook = new Thread(interrupts::interrupt);
      hook.start();
      boolean interrupted = false;
      try {
        new CountDownLatch(1).await(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      interrupts.saying();
      hook.join(20_000);

      assertThat(interrupted).isTrue();
    }
  }

  /** Counts how often it is asked to end. */
  private record Asked(CountDownLatch times) implements Fleet {
    @Override
    public Model model() {
      return Model.THREADS;
    }

    @Override
    public double startSeconds() {
      return 0;
    }

    @Override
    public DownloadOutcome download(
        DownloadSpec spec, Limits limits, Ends ends, Consumer<JobEvent> listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RunOutcome run(RunPlan plan, ItemSink sink, Keeper keeper, Consumer<JobEvent> listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void interrupt() {
      times.countDown();
    }

    @Override
    public long peakMemoryBytes() {
      return -1;
    }

    @Override
    public void close() {}
  }
}
