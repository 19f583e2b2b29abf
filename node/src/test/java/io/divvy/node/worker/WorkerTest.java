package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.divvy.job.JobKind;
import io.divvy.node.worker.Worker.Command;
import io.divvy.node.worker.Worker.Freed;
import io.divvy.node.worker.Worker.Holding;
import io.divvy.node.worker.Worker.News;
import io.divvy.protocol.Chunk;
import io.divvy.protocol.Result;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToCoordinator;
import io.divvy.protocol.ToCoordinator.Offered;
import io.divvy.protocol.ToCoordinator.Released;
import io.divvy.protocol.ToCoordinator.Results;
import io.divvy.protocol.ToCoordinator.Stopping;
import io.divvy.protocol.ToWorker;
import io.divvy.protocol.ToWorker.Acknowledge;
import io.divvy.protocol.ToWorker.Assign;
import io.divvy.protocol.ToWorker.Release;
import io.divvy.protocol.ToWorker.StopEarly;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final RunKey RUN = new RunKey("r", 0);
  private static final Duration OFFER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Config CONFIG =
      ConfigFactory.parseString(
              """
              pekko.actor.serialize-messages = on
              pekko.actor.serialization-bindings {
                "io.divvy.protocol.WireMessage" = jackson-cbor
              }
              """)
          .withFallback(ManualTime.config())
          .withFallback(ConfigFactory.load());

  private static final ActorTestKit KIT = ActorTestKit.create(CONFIG);

  private final ManualTime time = ManualTime.get(KIT.system());
  private final TestProbe<News> agent = KIT.createTestProbe(News.class);
  private final TestProbe<ToCoordinator> coordinator = KIT.createTestProbe(ToCoordinator.class);
  private ActorRef<Command> worker;
  private final AtomicInteger counted = new AtomicInteger();
  private long itemNanos;

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void startWorker() {
    Worker.Setting setting =
        new Worker.Setting(
            "n1",
            Sample.SETTINGS,
            OFFER_TIMEOUT,
            PATIENCE,
            System::nanoTime,
            counted::incrementAndGet);
    worker = KIT.spawn(Worker.create(2, setting, agent.ref()));
  }

  @AfterEach
  void stopWorker() {
    KIT.stop(worker);
  }

  @Test
  void offersItsSlotAgainUntilItIsAnswered() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    time.timePasses(OFFER_TIMEOUT);
    coordinator.expectMessage(new Offered(RUN, "n1", 2, 1, door));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    acknowledge(door, results());
    time.timePasses(OFFER_TIMEOUT.multipliedBy(3));
    coordinator.expectNoMessage(Duration.ofMillis(100));
  }

  @Test
  void isFreeAgainWhenTheOfferIsDeclined() {
    grant(1, new Sample.Each((number, work) -> number));
    worker.tell(new Worker.Withdraw(1));
    agent.expectMessage(new Freed(2, 1));
    coordinator.expectNoMessage(Duration.ofMillis(100));
  }

  @Test
  void keepsItsChunksWhenADeclineComesTooLate() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    worker.tell(new Worker.Withdraw(1));
    assertThat(results().results()).extracting(Result::attempt).containsExactly(11L);
    agent.expectNoMessage(Duration.ofMillis(100));
  }

  @Test
  void computesAChunkOnceHoweverOftenItIsHeard() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    acknowledge(door, results());
    door.tell(assign(1, new Chunk(11, 0, 3), new Chunk(12, 3, 4)));
    assertThat(results().results()).extracting(Result::attempt).containsExactly(12L);
  }

  @Test
  void ignoresWhatIsMeantForAnotherGrant() {
    ActorRef<ToWorker> door = grant(4, new Sample.Each((number, work) -> number));
    door.tell(assign(3, new Chunk(11, 0, 3)));
    door.tell(new Release(RUN, 3));
    worker.tell(new Worker.Revoke(3));
    coordinator.expectNoMessage(Duration.ofMillis(100));
    agent.expectNoMessage(Duration.ofMillis(10));
  }

  @Test
  void tellsOnceThatAResultWasCounted() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    Results first = results();
    assertThat(counted).hasValue(0);
    acknowledge(door, first);
    door.tell(assign(1, new Chunk(12, 3, 4)));
    acknowledge(door, results());
    door.tell(new Release(RUN, 1));
    coordinator.fishForMessage(
        Duration.ofSeconds(3),
        message ->
            message instanceof Released
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    assertThat(counted).hasValue(1);
  }

  @Test
  void sendsResultsAgainUntilTheyAreAcknowledged() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    Results first = results();
    door.tell(assign(1, new Chunk(12, 3, 4)));
    Results second = results();
    time.timePasses(Sample.SETTINGS.resendInterval());
    assertThat(results().sequence()).isEqualTo(first.sequence());
    assertThat(results().sequence()).isEqualTo(second.sequence());
    acknowledge(door, second);
    time.timePasses(Sample.SETTINGS.resendInterval().multipliedBy(3));
    coordinator.expectNoMessage(Duration.ofMillis(100));
  }

  @Test
  void isToldWhatIsSafeAlongWithItsNextChunks() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    Results first = results();
    door.tell(new Assign(RUN, 1, first.sequence(), List.of(new Chunk(12, 3, 4))));
    Results second = results();
    time.timePasses(Sample.SETTINGS.resendInterval());
    assertThat(results().sequence()).isEqualTo(second.sequence());
    coordinator.expectNoMessage(Duration.ofMillis(100));
  }

  @Test
  void stopsEarlyWhileAnItemIsUnderWay() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    ActorRef<ToWorker> door = grant(1, waiting(begun, open));
    door.tell(assign(1, new Chunk(11, 0, 10)));
    begun.await();
    door.tell(new StopEarly(RUN, 1, 11, 0, 10));
    coordinator.expectMessage(new Stopping(RUN, "n1", 2, 1, 11, 1));
    open.countDown();
    assertThat(results().results())
        .extracting(Result::from, Result::to, Result::end)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(0L, 1L, 1L));
  }

  @Test
  void isReleasedOnceEverythingIsAcknowledged() {
    long begin = System.nanoTime();
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    door.tell(new Release(RUN, 1));
    Results results = results();
    coordinator.expectNoMessage(Duration.ofMillis(100));
    acknowledge(door, results);
    Released released = coordinator.expectMessageClass(Released.class);
    // Results may be on their way before the thread is quiet, and a busy machine stretches that.
    assertThat(released.rest().idle()).isPositive().isLessThan(System.nanoTime() - begin);
    agent.expectMessage(new Freed(2, 1));
  }

  @Test
  void saysAgainThatItWasReleasedToACoordinatorThatDidNotHear() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(new Release(RUN, 1));
    Released released = coordinator.expectMessageClass(Released.class);
    door.tell(new Release(RUN, 1));
    coordinator.expectMessage(released);
    door.tell(assign(1, new Chunk(11, 0, 3)));
    coordinator.expectMessage(released);
  }

  @Test
  void yieldsAfterTheItemInHandAndGivesBackTheRest() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    ActorRef<ToWorker> door = grant(1, waiting(begun, open));
    door.tell(assign(1, new Chunk(11, 0, 10), new Chunk(12, 10, 20)));
    begun.await();
    worker.tell(new Worker.Yield(1));
    coordinator.expectMessage(new Stopping(RUN, "n1", 2, 1, 11, 1));
    coordinator.expectMessage(new Stopping(RUN, "n1", 2, 1, 12, 10));
    door.tell(assign(1, new Chunk(13, 20, 30)));
    coordinator.expectMessage(new Stopping(RUN, "n1", 2, 1, 13, 20));
    open.countDown();
    acknowledge(door, results());
    coordinator.expectMessageClass(Released.class);
    agent.expectMessage(new Freed(2, 1));
  }

  @Test
  void yieldsAnUnansweredOfferAtOnce() {
    grant(1, new Sample.Each((number, work) -> number));
    worker.tell(new Worker.Yield(1));
    coordinator.expectMessageClass(Released.class);
    agent.expectMessage(new Freed(2, 1));
  }

  @Test
  void doesNotWaitForEverForTheCoordinatorWhenOthersNeedTheSlot() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    results();
    worker.tell(new Worker.Yield(1));
    coordinator.expectMessageClass(Stopping.class);
    agent.expectNoMessage(Duration.ofMillis(100));
    time.timePasses(PATIENCE);
    agent.expectMessage(new Freed(2, 1));
  }

  @Test
  void dropsEverythingWhenRevokedAndIsFreeWhenTheItemIsOver() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    ActorRef<ToWorker> door =
        grant(
            1,
            new Sample.Each(
                (number, work) -> {
                  begun.countDown();
                  while (open.getCount() > 0) {
                    Thread.onSpinWait();
                  }
                  return number;
                }));
    door.tell(assign(1, new Chunk(11, 0, 10)));
    begun.await();
    worker.tell(new Worker.Revoke(1));
    agent.expectNoMessage(Duration.ofMillis(100));
    open.countDown();
    agent.expectMessage(new Freed(2, 1));
    coordinator.expectNoMessage(Duration.ofMillis(10));
    assertThat(grant(2, new Sample.Each((number, work) -> number))).isEqualTo(door);
  }

  @Test
  void isFreeSoonAlsoWhenARevokedItemDoesNotStop() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    ActorRef<ToWorker> door = grant(1, deaf(0, begun, open));
    door.tell(assign(1, new Chunk(11, 0, 10)));
    begun.await();
    worker.tell(new Worker.Revoke(1));
    agent.expectNoMessage(Duration.ofMillis(50));
    time.timePasses(Duration.ofMillis(500));
    agent.expectMessage(new Worker.Abandoned(2));
    agent.expectMessage(new Freed(2, 1));
    grant(2, new Sample.Each((number, work) -> number)).tell(assign(2, new Chunk(12, 0, 3)));
    assertThat(results().results()).extracting(Result::attempt).containsExactly(12L);
    open.countDown();
    coordinator.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void whateverAFunctionThrowsFailsItsItemAndNeitherAnotherNorTheWorker() {
    ActorRef<ToWorker> door =
        grant(
            1,
            new Sample.Each(
                (number, work) -> {
                  if (number == 1) {
                    throw new IOException("no such\nfile");
                  } else if (number == 3) {
                    return deep(number);
                  } else if (number == 5) {
                    throw new NoClassDefFoundError("some/Type");
                  } else if (number == 7) {
                    throw new Nameless();
                  }
                  return number;
                }));
    door.tell(assign(1, new Chunk(11, 0, 9)));
    List<Result> results = allResults(door, 9);
    assertThat(results)
        .extracting(Result::from)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(results.stream().filter(result -> result.failure() != null).map(Result::from))
        .containsExactly(1L, 3L, 5L, 7L);
    assertThat(failure(results.get(1)).message()).isEqualTo("java.io.IOException: no such file");
    assertThat(failure(results.get(1)).stackTrace()).contains("at io.divvy.node.worker.WorkerTest");
    assertThat(failure(results.get(3)).message()).isEqualTo("java.lang.StackOverflowError");
    assertThat(failure(results.get(3)).stackTrace()).contains("WorkerTest.deep");
    assertThat(failure(results.get(5)).message())
        .isEqualTo("java.lang.NoClassDefFoundError: some/Type");
    assertThat(failure(results.get(7)).message()).isEqualTo(Nameless.class.getName());
    door.tell(assign(1, new Chunk(12, 10, 11)));
    assertThat(allResults(door, 11)).extracting(Result::from).containsExactly(10L);
    agent.expectNoMessage(Duration.ofMillis(10));
  }

  @SuppressWarnings("InfiniteRecursion")
  private static long deep(long level) {
    return 1 + deep(level + 1);
  }

  /** One that cannot even say what it is. */
  private static final class Nameless extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new AssertionError("not even that");
    }
  }

  @Test
  void anItemThatTakesTooLongIsInterruptedAndFails() {
    itemNanos = 20_000_000;
    ActorRef<ToWorker> door =
        grant(
            1,
            new Sample.Each(
                (number, work) -> {
                  if (number == 1) {
                    Thread.sleep(60_000);
                  }
                  return number;
                }));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    List<Result> results = allResults(door, 3);
    assertThat(results).extracting(Result::from).containsExactly(0L, 1L, 2L);
    assertThat(failure(results.get(1)).message()).contains("--item-timeout").contains("0.02 s");
    assertThat(failure(results.get(1)).stackTrace()).contains("sleep");
    agent.expectNoMessage(Duration.ofMillis(10));
  }

  @Test
  void anItemThatDoesNotStopLosesItsThreadAndTheOthersGoOn() throws InterruptedException {
    itemNanos = 20_000_000;
    CountDownLatch open = new CountDownLatch(1);
    ActorRef<ToWorker> door = grant(1, deaf(1, new CountDownLatch(1), open));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    List<Result> results = allResults(door, 3);
    assertThat(results).extracting(Result::from).containsExactly(1L, 2L);
    assertThat(failure(results.get(0)).message()).contains("did not stop");
    agent.expectMessage(new Worker.Abandoned(2));
    open.countDown();
    door.tell(assign(1, new Chunk(12, 5, 6)));
    assertThat(allResults(door, 6)).extracting(Result::from).containsExactly(5L);
  }

  @Test
  void reportsTheAttemptsItHolds() {
    ActorRef<ToWorker> door = grant(1, new Sample.Each((number, work) -> number));
    door.tell(assign(1, new Chunk(11, 0, 3)));
    Results results = results();
    worker.tell(Worker.Report.INSTANCE);
    agent.expectMessage(new Holding(2, RUN, List.of(11L)));
    acknowledge(door, results);
    worker.tell(Worker.Report.INSTANCE);
    agent.expectMessage(new Holding(2, RUN, List.of()));
  }

  @Test
  void sendsWhatALongChunkHasSoFar() throws InterruptedException {
    CountDownLatch open = new CountDownLatch(1);
    JobKind kind =
        new Sample.Each(
            (number, work) -> {
              if (number == 0) {
                throw new IllegalStateException("not zero");
              }
              open.await();
              return number;
            });
    ActorRef<ToWorker> door = grant(1, kind);
    door.tell(assign(1, new Chunk(11, 0, 3)));
    Results early = resultsAsTimePasses();
    assertThat(early.results()).extracting(Result::to).containsExactly(1L);
    open.countDown();
  }

  private ActorRef<ToWorker> grant(long grant, JobKind kind) {
    worker.tell(
        new Worker.Grant(RUN, grant, kind, Sample.job(kind, 1_000), itemNanos, coordinator.ref()));
    Offered offered = coordinator.expectMessageClass(Offered.class);
    assertThat(offered.grant()).isEqualTo(grant);
    return offered.worker();
  }

  private Results results() {
    return coordinator.expectMessageClass(Results.class);
  }

  /** What is held back comes with a timer that the compute thread starts at some moment. */
  private Results resultsAsTimePasses() {
    return coordinator.awaitAssert(
        () -> {
          time.timePasses(Duration.ofMillis(20));
          return coordinator.expectMessageClass(Results.class, Duration.ofMillis(20));
        });
  }

  /** The results until one ends at {@code to}; all are acknowledged. */
  private List<Result> allResults(ActorRef<ToWorker> door, long to) {
    List<Result> all = new ArrayList<>();
    while (all.isEmpty() || all.get(all.size() - 1).to() < to) {
      ToCoordinator heard =
          coordinator.awaitAssert(
              () -> {
                time.timePasses(Duration.ofMillis(20));
                return coordinator.receiveMessage(Duration.ofMillis(20));
              });
      if (heard instanceof Results results) {
        all.addAll(results.results());
        acknowledge(door, results);
      }
    }
    return all;
  }

  /** An item of this kind does not stop, whatever is done to it, until {@code open}. */
  private static JobKind deaf(long deaf, CountDownLatch begun, CountDownLatch open) {
    return new Sample.Each(
        (number, work) -> {
          begun.countDown();
          while (number == deaf && open.getCount() > 0) {
            Thread.onSpinWait();
          }
          return number;
        });
  }

  private static Result.Failure failure(Result result) {
    return Objects.requireNonNull(result.failure());
  }

  private static void acknowledge(ActorRef<ToWorker> door, Results results) {
    door.tell(new Acknowledge(RUN, results.grant(), results.sequence()));
  }

  private static Assign assign(long grant, Chunk... chunks) {
    return new Assign(RUN, grant, 0, List.of(chunks));
  }

  private static JobKind waiting(CountDownLatch begun, CountDownLatch open) {
    return new Sample.Each(
        (number, work) -> {
          begun.countDown();
          open.await();
          return number;
        });
  }
}
