package io.divvy.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.Scheduler;
import org.apache.pekko.actor.SchedulerException;
import org.apache.pekko.dispatch.ExecutionContexts;
import org.apache.pekko.event.NoLogging;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

class TicklessSchedulerTest {
  private static final ExecutionContext HERE = ExecutionContexts.fromExecutor(Runnable::run);
  private static final FiniteDuration SOON = FiniteDuration.create(5, TimeUnit.MILLISECONDS);
  private static final long CENTURY = 100L * 365 * 24 * 3600 * 1_000_000_000;
  private static final FiniteDuration NEVER = FiniteDuration.create(1, TimeUnit.DAYS);

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final TicklessScheduler scheduler =
      new TicklessScheduler(ConfigFactory.empty(), NoLogging.getInstance(), Thread::new);

  @AfterEach
  void end() {
    scheduler.close();
  }

  @Test
  void whatIsDueSoonerRunsSooner() {
    scheduler.scheduleOnce(NEVER, () -> told.add("never"), HERE);
    scheduler.scheduleOnce(SOON.$times(2), () -> told.add("later"), HERE);
    scheduler.scheduleOnce(SOON, () -> told.add("soon"), HERE);

    await().untilAsserted(() -> assertThat(told).containsExactly("soon", "later"));
  }

  @Test
  void shortTimersAreExact() {
    assertThat(TicklessScheduler.untilDue(12_345, 999_999_999)).isEqualTo(999_999_999);
    assertThat(TicklessScheduler.untilDue(12_345, 0)).isZero();
    assertThat(TicklessScheduler.untilDue(12_345, -1)).isZero();
  }

  @Property
  void longOnesAreDueTogetherAndNeverEarly(
      @ForAll @LongRange(min = -CENTURY, max = CENTURY) long now,
      @ForAll @LongRange(min = 1_000_000_000, max = CENTURY) long delay) {
    long wait = TicklessScheduler.untilDue(now, delay);

    assertThat(wait).isBetween(delay, delay + 128_000_000);
    assertThat(Math.floorMod(now + wait, 128_000_000L)).isZero();
  }

  @Test
  void theLongestOfAllIsNotDueAtOnce() {
    assertThat(TicklessScheduler.untilDue(-1, Long.MAX_VALUE)).isGreaterThan(CENTURY);
  }

  @Test
  void aTaskWithoutDelayRunsAtOnce() {
    scheduler.scheduleOnce(FiniteDuration.Zero(), () -> told.add("now"), HERE);

    await().untilAsserted(() -> assertThat(told).containsExactly("now"));
  }

  @Test
  void whatIsRepeatedRunsUntilItIsCancelled() {
    Cancellable repeated =
        scheduler.scheduleWithFixedDelay(SOON, SOON, () -> told.add("again"), HERE);
    await().until(() -> told.size() >= 3);

    assertThat(repeated.cancel()).isTrue();
    assertThat(repeated.isCancelled()).isTrue();
    assertThat(repeated.cancel()).isFalse();
  }

  @Test
  void whatIsCancelledDoesNotRunAndIsNotKept() {
    Cancellable cancelled = scheduler.scheduleOnce(SOON, () -> told.add("cancelled"), HERE);
    assertThat(cancelled.cancel()).isTrue();
    assertThat(cancelled.cancel()).isFalse();
    assertThat(cancelled.isCancelled()).isTrue();

    scheduler.scheduleOnce(SOON.$times(2), () -> told.add("after"), HERE);
    await().untilAsserted(() -> assertThat(told).containsExactly("after"));
  }

  @Test
  void whatHasRunCannotBeCancelled() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    Cancellable once = scheduler.scheduleOnce(SOON, ran::countDown, HERE);
    ran.await();

    assertThat(once.cancel()).isFalse();
    assertThat(once.isCancelled()).isFalse();
  }

  @Test
  void aFailureEndsNoOtherTimer() {
    scheduler.scheduleOnce(
        SOON,
        () -> told.add("not run"),
        new ExecutionContext() {
          @Override
          public void execute(Runnable task) {
            throw new IllegalStateException("ended");
          }

          @Override
          public void reportFailure(Throwable failure) {
            told.add(failure.getMessage());
          }
        });
    scheduler.scheduleOnce(SOON.$times(2), () -> told.add("after"), HERE);

    await().untilAsserted(() -> assertThat(told).containsExactly("ended", "after"));
  }

  @Test
  void atTheEndRunsWhatHasToAndNothingElse() {
    Scheduler.TaskRunOnClose last = () -> told.add("last");
    Scheduler.TaskRunOnClose dropped = () -> told.add("dropped");
    scheduler.scheduleOnce(NEVER, last, HERE);
    scheduler.scheduleOnce(NEVER, dropped, HERE).cancel();
    scheduler.scheduleOnce(NEVER, () -> told.add("other"), HERE);

    scheduler.close();
    scheduler.close();

    assertThat(told).containsExactly("last");
  }

  @Test
  void nothingIsTakenAfterTheEnd() {
    scheduler.close();

    assertThatThrownBy(() -> scheduler.scheduleOnce(SOON, () -> told.add("late"), HERE))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(SchedulerException.class);
  }
}
