package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.node.model.IdleFleet;
import io.divvy.node.model.Model;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
  private static final class Asked extends IdleFleet {
    private final CountDownLatch times;

    Asked(CountDownLatch times) {
      super(Model.THREADS);
      this.times = times;
    }

    @Override
    public void interrupt() {
      times.countDown();
    }
  }
}
