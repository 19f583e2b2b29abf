package io.divvy.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.divvy.config.LeaseSettings;
import io.divvy.config.ResultSettings;
import io.divvy.config.SlotSettings;
import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Work;
import io.divvy.protocol.Chunk;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToAgent.Decline;
import io.divvy.protocol.ToAgent.KeepAlive;
import io.divvy.protocol.ToAgent.Register;
import io.divvy.protocol.ToAgent.Unregister;
import io.divvy.protocol.ToAgent.Want;
import io.divvy.protocol.ToCoordinator;
import io.divvy.protocol.ToCoordinator.Alive;
import io.divvy.protocol.ToCoordinator.Departed;
import io.divvy.protocol.ToCoordinator.Departing;
import io.divvy.protocol.ToCoordinator.Offered;
import io.divvy.protocol.ToCoordinator.Refused;
import io.divvy.protocol.ToCoordinator.Registered;
import io.divvy.protocol.ToCoordinator.Released;
import io.divvy.protocol.ToCoordinator.Results;
import io.divvy.protocol.ToCoordinator.Stopping;
import io.divvy.protocol.ToScout;
import io.divvy.protocol.ToTransfers;
import io.divvy.protocol.ToWorker.Acknowledge;
import io.divvy.protocol.ToWorker.Assign;
import io.divvy.protocol.ToWorker.Release;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));

  private static final long MEMORY = 12_345;
  private static final RunKey RUN = new RunKey("aaaa", 0);
  private static final RunKey OTHER = new RunKey("bbbb", 0);
  private static final JobSpec JOB = job("slow", "sha256:1");

  private static final NodeInfo INFO =
      new NodeInfo("n1", "127.0.0.1:25710", 1, 2, "m", 2, 0, "0.1.0", Map.of("slow", "sha256:1"));

  private static final Agent.Settings SETTINGS =
      new Agent.Settings(
          new LeaseSettings(
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofSeconds(2),
              Duration.ofSeconds(15)),
          new SlotSettings(Duration.ofMillis(400), Duration.ofSeconds(2)),
          new ResultSettings(64_000, 1_000_000, Duration.ofSeconds(1), Duration.ofSeconds(100)));

  private final ManualTime time = ManualTime.get(KIT.system());
  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);
  private final ActorRef<Agent.Command> agent =
      KIT.spawn(
          Agent.create(
              INFO,
              SETTINGS,
              new Agent.Machine(
                  job -> {
                    if (job.parameters().containsKey("wrong")) {
                      throw new IllegalArgumentException("unknown parameter 'wrong'");
                    }
                    return new Slow(begun, open);
                  },
                  () -> MEMORY,
                  nanos::get)));
  private final ActorRef<ToAgent> door = KIT.spawn(Agent.door(agent));
  private final TestProbe<ToCoordinator> coordinator = KIT.createTestProbe(ToCoordinator.class);
  private final TestProbe<ToCoordinator> other = KIT.createTestProbe(ToCoordinator.class);

  /** Waits for a latch, unless its number is below 10. */
  private record Slow(CountDownLatch begun, CountDownLatch open) implements MapKind<Long> {
    @Override
    public Long apply(long number, Work work) throws InterruptedException {
      if (number >= 10) {
        begun.countDown();
        open.await();
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

  @AfterEach
  void stop() {
    open.countDown();
    KIT.stop(agent);
    KIT.stop(door);
  }

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  @Test
  void saysWhoItIsAtOnceAndAgainWhenItsPeersChange() {
    TestProbe<ToScout> scout = KIT.createTestProbe(ToScout.class);
    door.tell(new ToAgent.Hello(scout.ref()));
    assertThat(scout.expectMessageClass(ToScout.Here.class).peers()).isEmpty();
    agent.tell(new Agent.PeersChanged(List.of("127.0.0.1:1")));
    ToScout.Here here = scout.expectMessageClass(ToScout.Here.class);
    assertThat(here.node()).isEqualTo(INFO);
    assertThat(here.peers()).containsExactly("127.0.0.1:1");
    here.agent().tell(new ToAgent.Goodbye(scout.ref()));
    agent.tell(new Agent.PeersChanged(List.of()));
    scout.expectNoMessage(Duration.ofMillis(100));
  }

  @Test
  void answersARepeatedRegistrationAgain() {
    door.tell(new Register(RUN, JOB, 0, coordinator.ref()));
    door.tell(new Register(RUN, JOB, 0, coordinator.ref()));
    coordinator.expectMessage(new Registered(RUN, "n1", MEMORY));
    coordinator.expectMessage(new Registered(RUN, "n1", MEMORY));
    coordinator.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void refusesAKindItDoesNotHave() {
    door.tell(new Register(RUN, job("swift", "sha256:1"), 0, coordinator.ref()));
    coordinator.expectMessage(new Refused(RUN, "n1", "unknown kind 'swift'; known: slow"));
  }

  @Test
  void refusesAKindOfOtherCode() {
    door.tell(new Register(RUN, job("slow", "sha256:2"), 0, coordinator.ref()));
    assertThat(coordinator.expectMessageClass(Refused.class).why())
        .startsWith("kind 'slow' differs: the command has sha256:2, this node sha256:1");
  }

  @Test
  void refusesParametersThatTheKindDoesNotTake() {
    JobSpec wrong =
        new JobSpec(
            "slow", "sha256:1", Map.of("wrong", "1"), 0, 1, 9, new JobSpec.Wanted(false, false));
    door.tell(new Register(RUN, wrong, 0, coordinator.ref()));
    coordinator.expectMessage(new Refused(RUN, "n1", "unknown parameter 'wrong'"));
  }

  @Test
  void aHigherEpochReplacesALowerOneAndNotTheOtherWayRound() {
    RunKey resumed = new RunKey(RUN.run(), 1);
    offers(RUN, coordinator, 2);
    door.tell(new Register(resumed, JOB, 0, other.ref()));
    other.expectMessage(new Registered(resumed, "n1", MEMORY));
    door.tell(new Want(resumed, 2));
    other.expectMessageClass(Offered.class);
    other.expectMessageClass(Offered.class);
    door.tell(new Register(RUN, JOB, 0, coordinator.ref()));
    assertThat(coordinator.expectMessageClass(Refused.class).why()).contains("epoch 1");
  }

  @Test
  void offersAsManySlotsAsAreWanted() {
    offers(RUN, coordinator, 1);
    coordinator.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void offersNothingAfterADeclineUntilTheNextWant() {
    Offered offered = offers(RUN, coordinator, 1).get(0);
    door.tell(new Decline(RUN, offered.slot(), offered.grant()));
    coordinator.expectNoMessage(Duration.ofMillis(50));
    door.tell(new Want(RUN, 1));
    assertThat(coordinator.expectMessageClass(Offered.class).grant())
        .isGreaterThan(offered.grant());
  }

  @Test
  void offersASlotThatCameBackToWhoeverWantsIt() {
    List<Offered> offered = offers(RUN, coordinator, 2);
    register(OTHER, other);
    door.tell(new Want(OTHER, 1));
    offered.get(0).worker().tell(new Release(RUN, offered.get(0).grant()));
    coordinator.expectMessageClass(Released.class);
    assertThat(other.expectMessageClass(Offered.class).slot()).isEqualTo(offered.get(0).slot());
  }

  @Test
  void asksARunThatIsAheadForASlot() {
    List<Offered> offered = offers(RUN, coordinator, 2);
    register(OTHER, other);
    door.tell(new Want(OTHER, 2));
    other.expectNoMessage(Duration.ofMillis(50));
    nanos.addAndGet(Duration.ofMillis(300).toNanos());
    time.timePasses(Duration.ofMillis(100));
    Released released = coordinator.expectMessageClass(Released.class);
    assertThat(released.grant()).isEqualTo(offered.get(1).grant());
    assertThat(other.expectMessageClass(Offered.class).slot()).isEqualTo(2);
    nanos.addAndGet(Duration.ofSeconds(9).toNanos());
    time.timePasses(Duration.ofMillis(500));
    coordinator.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void renewsTheLeasesOfWhatItsWorkersHold() {
    List<Offered> offered = offers(RUN, coordinator, 2);
    assign(offered.get(0), new Chunk(11, 10, 20));
    assign(offered.get(1), new Chunk(12, 20, 30));
    coordinator.expectNoMessage(Duration.ofMillis(50));
    time.timePasses(Duration.ofSeconds(1));
    Alive alive = coordinator.expectMessageClass(Alive.class);
    assertThat(alive.attempts()).containsExactlyInAnyOrder(11L, 12L);
    assertThat(alive.memoryBytes()).isEqualTo(MEMORY);
  }

  @Test
  void dropsARunWhoseLivenessConnectionStaysClosed() {
    register(RUN, coordinator);
    agent.tell(new Agent.LivenessClosed(RUN));
    time.timePasses(Duration.ofSeconds(1));
    agent.tell(new Agent.LivenessOpened(RUN));
    passes(Duration.ofSeconds(2));
    assertThat(isKnown()).isTrue();
    agent.tell(new Agent.LivenessClosed(RUN));
    passes(Duration.ofSeconds(2));
    assertThat(isKnown()).isFalse();
  }

  @Test
  void dropsARunThatFallsSilent() {
    register(RUN, coordinator);
    passes(Duration.ofSeconds(14));
    door.tell(new KeepAlive(RUN));
    passes(Duration.ofSeconds(13));
    assertThat(isKnown()).isTrue();
    passes(Duration.ofSeconds(15));
    assertThat(isKnown()).isFalse();
  }

  @Test
  void namesTheRunsItWorksForByTheBeginningOfTheirIds() {
    register(RUN, coordinator);
    register(OTHER, other);
    agent.tell(new Agent.PeersChanged(List.of("127.0.0.1:1")));
    TestProbe<ToScout> asker = KIT.createTestProbe(ToScout.class);
    door.tell(new ToAgent.AskRuns("bb", asker.ref()));
    asker.expectMessage(
        new ToScout.UnderWay(
            "bb",
            "127.0.0.1:25710",
            List.of("127.0.0.1:1"),
            List.of(new ToScout.Run(OTHER, "slow 0..1000", "127.0.0.1:25710")),
            0));
  }

  @Test
  void asksItsDownloadsForWhatItDoesNotKnowItself() {
    List<ToAgent.Cancel> passedOn = new CopyOnWriteArrayList<>();
    ToScout.Run download = new ToScout.Run(OTHER, "download to /d", "127.0.0.1:2");
    agent.tell(
        new Agent.TransfersAt(
            KIT.createTestProbe(ToTransfers.class).ref(),
            new Agent.Downloads() {
              @Override
              public void answer(ToScout.UnderWay computing, ActorRef<ToScout> replyTo) {
                replyTo.tell(computing.with(List.of(download)));
              }

              @Override
              public void cancel(ToAgent.Cancel cancel) {
                passedOn.add(cancel);
              }
            }));
    TestProbe<ToScout> asker = KIT.createTestProbe(ToScout.class);
    door.tell(new ToAgent.Cancel(OTHER, "ann"));
    door.tell(new ToAgent.AskRuns("", asker.ref()));
    assertThat(asker.expectMessageClass(ToScout.UnderWay.class).runs()).containsExactly(download);
    assertThat(passedOn).containsExactly(new ToAgent.Cancel(OTHER, "ann"));
  }

  @Test
  void passesACancelToTheCommandOfThatRunAndThatEpoch() {
    register(RUN, coordinator);
    register(OTHER, other);
    door.tell(new ToAgent.Cancel(new RunKey(RUN.run(), 7), "ann"));
    door.tell(new ToAgent.Cancel(RUN, "ben"));
    coordinator.expectMessage(new ToCoordinator.Cancelled(RUN, "n1", "ben"));
    other.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void stopsWhatARunComputesWhenItIsOver() {
    Offered offered = offers(RUN, coordinator, 1).get(0);
    assign(offered, new Chunk(11, 10, 20));
    door.tell(new Unregister(RUN));
    register(OTHER, other);
    door.tell(new Want(OTHER, 2));
    other.expectMessageClass(Offered.class);
    other.expectMessageClass(Offered.class);
    coordinator.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void givesBackEverythingBeforeItLeaves() throws InterruptedException {
    Offered offered = offers(RUN, coordinator, 1).get(0);
    assign(offered, new Chunk(11, 0, 5));
    Results first = coordinator.expectMessageClass(Results.class);
    assign(offered, new Chunk(12, 10, 20));
    begun.await();
    TestProbe<Agent.Drained> leaver = KIT.createTestProbe(Agent.Drained.class);
    agent.tell(new Agent.Drain(Duration.ofSeconds(5), leaver.ref()));
    coordinator.expectMessage(new Departing(RUN, "n1"));
    coordinator.expectMessageClass(Stopping.class);
    assertThat(coordinator.expectMessageClass(Stopping.class).end()).isEqualTo(11);
    open.countDown();
    Results last = coordinator.expectMessageClass(Results.class);
    assertThat(first.results()).hasSize(1);
    leaver.expectNoMessage(Duration.ofMillis(50));
    offered.worker().tell(new Acknowledge(RUN, last.grant(), last.sequence()));
    coordinator.expectMessageClass(Released.class);
    coordinator.expectMessage(new Departed(RUN, "n1"));
    leaver.expectMessage(new Agent.Drained(true));
  }

  @Test
  void leavesWithoutWhatTakesTooLong() throws InterruptedException {
    Offered offered = offers(RUN, coordinator, 1).get(0);
    assign(offered, new Chunk(11, 10, 20));
    begun.await(); // what was not begun is given back at once
    TestProbe<Agent.Drained> leaver = KIT.createTestProbe(Agent.Drained.class);
    agent.tell(new Agent.Drain(Duration.ofMillis(700), leaver.ref()));
    coordinator.expectMessageClass(Departing.class);
    time.timePasses(Duration.ofMillis(700));
    leaver.expectMessage(new Agent.Drained(false));
  }

  @Test
  void takesNoRunWhileItLeaves() {
    TestProbe<Agent.Drained> leaver = KIT.createTestProbe(Agent.Drained.class);
    agent.tell(new Agent.Drain(Duration.ofSeconds(5), leaver.ref()));
    leaver.expectMessage(new Agent.Drained(true));
    door.tell(new Register(RUN, JOB, 0, coordinator.ref()));
    coordinator.expectMessage(new Refused(RUN, "n1", "leaving"));
  }

  private void register(RunKey run, TestProbe<ToCoordinator> probe) {
    door.tell(new Register(run, JOB, 0, probe.ref()));
    probe.expectMessage(new Registered(run, "n1", MEMORY));
  }

  /** In the order they were granted; each comes from a worker of its own, so in any order. */
  private List<Offered> offers(RunKey run, TestProbe<ToCoordinator> probe, int slots) {
    register(run, probe);
    door.tell(new Want(run, slots));
    return probe.receiveSeveralMessages(slots).stream()
        .map(Offered.class::cast)
        .sorted(Comparator.comparingLong(Offered::grant))
        .toList();
  }

  private static void assign(Offered offered, Chunk... chunks) {
    offered.worker().tell(new Assign(offered.run(), offered.grant(), 0, List.of(chunks)));
  }

  /** Second by second, so that the actors hear of it in order. */
  private void passes(Duration duration) {
    for (long second = 0; second < duration.toSeconds(); second++) {
      time.timePasses(Duration.ofSeconds(1));
    }
  }

  /** A run that is known is offered the slot it wants; one that is not hears nothing. */
  private boolean isKnown() {
    TestProbe<ToScout> scout = KIT.createTestProbe(ToScout.class);
    door.tell(new Want(RUN, 1));
    door.tell(new ToAgent.Hello(scout.ref()));
    scout.expectMessageClass(ToScout.Here.class);
    time.timePasses(Duration.ofSeconds(1));
    for (ToCoordinator message = next(); message != null; message = next()) {
      if (message instanceof Offered offered) {
        door.tell(new Decline(RUN, offered.slot(), offered.grant()));
        return true;
      }
    }
    return false;
  }

  private @Nullable ToCoordinator next() {
    try {
      return coordinator.receiveMessage(Duration.ofMillis(100));
    } catch (AssertionError e) {
      return null;
    }
  }

  private static JobSpec job(String kind, String fingerprint) {
    return new JobSpec(kind, fingerprint, Map.of(), 0, 1, 1_000, new JobSpec.Wanted(false, false));
  }
}
