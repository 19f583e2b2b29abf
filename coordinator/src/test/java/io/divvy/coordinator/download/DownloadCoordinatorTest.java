package io.divvy.coordinator.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.typesafe.config.ConfigFactory;
import io.divvy.config.LeaseSettings;
import io.divvy.coordinator.RunOutcome.Death;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToDownload;
import io.divvy.protocol.ToDownload.Moving;
import io.divvy.protocol.ToDownload.Report;
import io.divvy.protocol.ToTransfers;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DownloadCoordinatorTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
  private static final RunKey RUN = RunKey.random();
  private static final Tried.Ok OK =
      new Tried.Ok("f", 4, "00", 200, "http://h/", 0.5, "text/plain");
  private static final LeaseSettings LEASES =
      new LeaseSettings(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(15));

  private final ManualTime time = ManualTime.get(KIT.system());
  private final AtomicLong nanos = new AtomicLong();
  private final CompletableFuture<DownloadOutcome> outcome = new CompletableFuture<>();
  private final List<JobEvent> events = new CopyOnWriteArrayList<>();
  private final List<Sink.Ending> written = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private long mostFailed = Long.MAX_VALUE;

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  @Test
  void anEmptyListIsDone() throws Exception {
    start(0, false);
    assertThat(result().status()).isEqualTo(Status.DONE);
  }

  @Test
  void aResultIsWrittenAcknowledgedAndCounted() throws Exception {
    Node node = new Node("n1", start(1, false));
    HandOut handOut = node.fetches().get(0);
    node.ends(handOut, OK);
    node.departsWhenAllIsAcknowledgedAndOver();
    assertThat(written).extracting(Sink.Ending::tried).containsExactly(OK);
    assertThat(result().done()).isOne();
    assertThat(result().bytes()).isEqualTo(4);
    assertThat(result().nodesMemoryBytes()).isEqualTo(1000);
  }

  @Test
  void whatIsSentOnIsToldWhenItMayGoOn() throws Exception {
    Node node = new Node("n1", start(1, false));
    HandOut handOut = node.fetches().get(0);
    long attempt = handOut.attempt();
    for (int said = 0; said < 2; said++) {
      node.isSentOn(handOut, 1, "far:80");
      assertThat(node.fish(ToTransfers.GoOn.class))
          .isEqualTo(new ToTransfers.GoOn(RUN, attempt, 1));
    }
    node.ends(handOut, OK);
    node.departsWhenAllIsAcknowledgedAndOver();
    assertThat(result().status()).isEqualTo(Status.DONE);
  }

  @Test
  void nodesThatWereAskedTogetherBeginTogether() {
    ActorRef<DownloadCoordinator.Command> coordinator = start(2, false);
    Node first = new Node("n1", coordinator, false);
    Node second = new Node("n2", coordinator, false);
    first.registered();
    first.lives();
    first.fish(ToTransfers.Renew.class);
    assertThat(first.handedOut).isEmpty();
    second.registered();
    assertThat(first.fetches()).hasSize(1);
    assertThat(second.fetches()).hasSize(1);
  }

  @Test
  void aNodeThatDoesNotAnswerHoldsTheOthersUpForASecond() {
    ActorRef<DownloadCoordinator.Command> coordinator = start(2, false);
    Node first = new Node("n1", coordinator, false);
    new Node("silent", coordinator, false);
    first.registered();
    pass(Duration.ofNanos(Sharing.TOGETHER));
    assertThat(first.fetches()).hasSize(2);
  }

  @Test
  void aResultHeardTwiceIsAcknowledgedTwiceAndWrittenOnce() throws Exception {
    Node node = new Node("n1", start(2, false, 1));
    HandOut handOut = node.fetches().get(0);
    node.ends(handOut, OK);
    node.ends(handOut, OK);
    node.fish(ToTransfers.Acknowledge.class);
    node.fish(ToTransfers.Acknowledge.class);
    assertThat(written).hasSize(1);
  }

  @Test
  void whatADeadNodeHadIsGivenToAnotherAtOnce() throws Exception {
    ActorRef<DownloadCoordinator.Command> coordinator = start(1, false);
    Node dead = new Node("n1", coordinator);
    dead.fetches();
    Node other = new Node("n2", coordinator);
    coordinator.tell(new DownloadCoordinator.NodeLost("n1", "killed by SIGKILL", true));
    HandOut again = other.fetches().get(0);
    assertThat(again.attempt()).isEqualTo(2);
    other.ends(again, OK);
    other.departsWhenAllIsOver();
    assertThat(result().deaths())
        .extracting(Death::node, Death::evidence)
        .containsExactly(tuple("n1", "killed by SIGKILL"));
  }

  @Test
  void whatASilentNodeHadIsGivenToAnotherAfterTheLease() {
    ActorRef<DownloadCoordinator.Command> coordinator = start(1, false);
    Node silent = new Node("n1", coordinator);
    silent.fetches();
    Node other = new Node("n2", coordinator);
    coordinator.tell(new DownloadCoordinator.NodeLost("n1", "its connection broke", false));
    for (int second = 0; second < 4; second++) {
      pass(Duration.ofSeconds(1));
      other.lives();
      other.fish(ToTransfers.Renew.class);
    }
    assertThat(other.handedOut).isEmpty();
    pass(Duration.ofMillis(1200));
    other.lives();
    assertThat(other.fetches()).extracting(HandOut::attempt).containsExactly(2L);
  }

  @Test
  void aNodeIsToldWhichOfItsLeasesRunAnewAndWhatNobodyWants() {
    Node node = new Node("n1", start(1, false));
    long attempt = node.fetches().get(0).attempt();
    node.lives(attempt, 99);
    assertThat(node.fish(ToTransfers.Renew.class))
        .isEqualTo(new ToTransfers.Renew(RUN, node.stamp, List.of(attempt), 0));
    assertThat(node.fish(ToTransfers.Cancel.class).attempts()).containsExactly(99L);
  }

  @Test
  void aFailedTryIsRepeatedByAnother() throws Exception {
    ActorRef<DownloadCoordinator.Command> coordinator = start(1, false);
    Node first = new Node("n1", coordinator);
    HandOut handOut = first.fetches().get(0);
    Node other = new Node("n2", coordinator);
    other.registered();
    first.ends(handOut, Tried.Broken.of("reset", "it broke", true));
    assertThat(other.fetches().get(0).tries()).isOne();
    assertThat(events).contains(new JobEvent.Retried(interval(0), "it broke"));
  }

  @Test
  void aFailureIsListedByItsCause() throws Exception {
    Node node = new Node("n1", start(1, false));
    node.ends(node.fetches().get(0), Tried.Broken.of("http-404", "not found", false));
    node.departsWhenAllIsOver();
    assertThat(result().status()).isEqualTo(Status.FAILED_ITEMS);
    assertThat(result().causes()).isEqualTo(Map.of("http-404", 1L));
  }

  @Test
  void aDownloadIsHaltedWhenEnoughFilesHaveFailed() throws Exception {
    mostFailed = 1;
    Node node = new Node("n1", start(3, false, 1));
    node.ends(node.fetches().get(0), Tried.Broken.of("http-404", "not found", false));
    node.departsWhenAllIsOver();
    assertThat(result().status()).isEqualTo(Status.HALTED);
    assertThat(result().problem()).isEqualTo("1 file failed, and --halt ends the run then");
    assertThat(result().remaining()).isEqualTo(2);
  }

  @Test
  void aFullDiskEndsTheDownloadAndFailsNoFile() throws Exception {
    Node node = new Node("n1", start(3, false, 2));
    List<HandOut> handOuts = node.fetches();
    node.ends(handOuts.get(0), OK);
    node.ends(
        handOuts.get(1), Tried.Broken.of(Tried.Broken.DISK_FULL, "the disk is full: x", false));
    node.departsWhenAllIsOver();
    assertThat(result().status()).isEqualTo(Status.HALTED);
    assertThat(result().problem()).isEqualTo("the disk is full: x");
    assertThat(result().done()).isOne();
    assertThat(result().failed()).isZero();
    assertThat(result().remaining()).isEqualTo(2);
  }

  @Test
  void aFileThatIsStreamedBackCountsOnceItIsInItsPlaceHere() throws Exception {
    Node node = new Node("n1", start(1, true));
    HandOut handOut = node.fetches().get(0);
    node.sends(handOut, 0, "ab");
    assertThat(node.fish(ToTransfers.Received.class).offset()).isEqualTo(2);
    node.sends(handOut, 3, "x"); // one before it is missing
    assertThat(node.fish(ToTransfers.Received.class).offset()).isEqualTo(2);
    node.sends(handOut, 2, "cd");
    assertThat(node.fish(ToTransfers.Received.class).offset()).isEqualTo(4);
    node.ends(handOut, OK);
    node.departsWhenAllIsAcknowledgedAndOver();
    assertThat(result().done()).isOne();
    assertThat(received).containsExactly("0 ab", "2 cd", "complete");
  }

  @Test
  void aStreamedFileWithMissingBytesIsFetchedAgain() {
    Node node = new Node("n1", start(1, true));
    HandOut handOut = node.fetches().get(0);
    node.sends(handOut, 0, "ab");
    node.ends(handOut, OK);
    assertThat(node.fetches().get(0).attempt()).isEqualTo(2);
    assertThat(written).isEmpty();
  }

  @Test
  void thatSomebodyWantsTheDownloadToEndIsToldOnceToWhoeverLeadsIt() {
    Node node = new Node("n1", start(1, false));
    node.coordinator.tell(new ToDownload.Cancelled(RUN, "n1", "ann"));
    node.coordinator.tell(new ToDownload.Cancelled(RUN, "n1", "ann"));
    node.lives();
    node.fish(ToTransfers.Renew.class);
    assertThat(events.stream().filter(JobEvent.CancelAsked.class::isInstance))
        .containsExactly(new JobEvent.CancelAsked("ann", "n1"));
  }

  @Test
  void anInterruptedDownloadWaitsUntilItsNodesHaveClosedEverything() throws Exception {
    ActorRef<DownloadCoordinator.Command> coordinator = start(3, false);
    Node node = new Node("n1", coordinator);
    HandOut handOut = node.fetches().get(0);
    coordinator.tell(DownloadCoordinator.Interrupt.INSTANCE);
    node.fish(ToTransfers.Unregister.class);
    node.ends(handOut, OK); // it was ready just then
    node.fish(ToTransfers.Acknowledge.class);
    assertThat(outcome).isNotDone();
    node.departs();
    assertThat(result().status()).isEqualTo(Status.INTERRUPTED);
    assertThat(result().done()).isOne();
    assertThat(result().remaining()).isEqualTo(2);
  }

  @Test
  void aDownloadWhoseNodesAreAllGoneIsLost() throws Exception {
    ActorRef<DownloadCoordinator.Command> coordinator = start(1, false);
    new Node("n1", coordinator).fetches();
    coordinator.tell(new DownloadCoordinator.NodeLost("n1", "exit code 1", true));
    assertThat(result().status()).isEqualTo(Status.LOST);
    assertThat(result().problem()).contains("exit code 1");
  }

  @Test
  void aDownloadThatNoNodeComesToIsLostAfterAMoment() throws Exception {
    start(1, false);
    isLostAfterTenSeconds("no node is there, and none has come for 10 s");
  }

  @Test
  void aDownloadWhoseNodesNeverAnswerIsLostAfterAMoment() throws Exception {
    TestProbe<ToTransfers> silent = KIT.createTestProbe();
    start(1, false).tell(new DownloadCoordinator.NodeFound(Node.info("n1"), silent.getRef()));
    silent.expectMessageClass(ToTransfers.Register.class);
    isLostAfterTenSeconds("no node has answered for 10 s, asked: n1");
  }

  private void isLostAfterTenSeconds(String problem) throws Exception {
    pass(Duration.ofSeconds(1));
    assertThat(outcome).isNotDone();
    pass(Duration.ofSeconds(10));
    assertThat(result().status()).isEqualTo(Status.LOST);
    assertThat(result().problem()).isEqualTo(problem);
  }

  @Test
  void aNodeThatCannotDownloadIsNamed() {
    ActorRef<DownloadCoordinator.Command> coordinator = start(1, false);
    coordinator.tell(new DownloadCoordinator.NodeFound(Node.info("old"), null));
    new Node("n1", coordinator).fetches();
    assertThat(events).contains(new JobEvent.NodeRefused("old", "its program cannot download"));
  }

  @Test
  void aListThatCannotBeReadEndsTheDownload() {
    start(
        most -> {
          throw new IOException("cannot read the list");
        },
        false,
        8);
    assertThatThrownBy(this::result)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("cannot read the list");
  }

  private static Interval interval(long item) {
    return new Interval(item, item + 1);
  }

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    time.timePasses(duration);
  }

  private DownloadOutcome result() throws Exception {
    return outcome.get(10, TimeUnit.SECONDS);
  }

  private ActorRef<DownloadCoordinator.Command> start(int items, boolean collect) {
    return start(items, collect, 8);
  }

  private ActorRef<DownloadCoordinator.Command> start(int items, boolean collect, int perHost) {
    AtomicLong next = new AtomicLong();
    return start(
        most ->
            LongStream.range(0, Math.min(most, items - next.get()))
                .mapToObj(
                    i -> {
                      long item = next.getAndIncrement();
                      HandOut.Name name = new HandOut.Name("f" + item, null, false);
                      return (Entry) new Entry.Wanted(item, "http://h/" + item, "h", name, null);
                    })
                .toList(),
        collect,
        perHost);
  }

  private ActorRef<DownloadCoordinator.Command> start(Source source, boolean collect, int perHost) {
    Limits limits = new Limits(8, perHost, 0, 0, 0, 1, 120_000_000_000L, 100, mostFailed);
    DownloadSpec spec = new DownloadSpec("/d", "token", collect, Map.of());
    Receiver receiver =
        new Receiver() {
          @Override
          public void write(long attempt, Entry.Wanted entry, long offset, byte[] bytes) {
            received.add(offset + " " + new String(bytes, StandardCharsets.UTF_8));
          }

          @Override
          public Tried complete(long attempt, Entry.Wanted entry, Tried.Ok ok) {
            received.add("complete");
            return ok;
          }

          @Override
          public void drop(long attempt) {}
        };
    return KIT.spawn(
        DownloadCoordinator.create(
            new DownloadSettings(RUN, spec, limits, false, LEASES),
            new DownloadCoordinator.Ends(source, written::addAll, receiver),
            events::add,
            outcome,
            new DownloadCoordinator.World(nanos::get, () -> 0)));
  }

  /** A node that registers, and answers only as the test says. */
  private static final class Node {
    private final String name;
    private final TestProbe<ToTransfers> probe = KIT.createTestProbe(ToTransfers.class);
    private final ActorRef<ToDownload> coordinator;
    private final List<HandOut> handedOut = new CopyOnWriteArrayList<>();
    private long stamp = -1000;

    Node(String name, ActorRef<DownloadCoordinator.Command> coordinator) {
      this(name, coordinator, true);
    }

    Node(String name, ActorRef<DownloadCoordinator.Command> coordinator, boolean registers) {
      this.name = name;
      coordinator.tell(new DownloadCoordinator.NodeFound(info(name), probe.ref()));
      this.coordinator = probe.expectMessageClass(ToTransfers.Register.class).coordinator();
      if (registers) {
        registered();
      }
    }

    static NodeInfo info(String name) {
      return new NodeInfo(name, name + ":1", 4711, 2, "here", 2, 0, "0", Map.of());
    }

    void registered() {
      coordinator.tell(new ToDownload.Registered(RUN, name, ++stamp, false, 1000));
    }

    void lives(long... attempts) {
      List<Moving> moving =
          LongStream.of(attempts).mapToObj(attempt -> new Moving(attempt, 1, -1)).toList();
      coordinator.tell(new ToDownload.Alive(RUN, name, ++stamp, moving, -1));
    }

    void ends(HandOut handOut, Tried tried) {
      Report report = new Report(handOut.attempt(), handOut.item(), tried);
      coordinator.tell(new ToDownload.Ended(RUN, name, ++stamp, List.of(report)));
    }

    void isSentOn(HandOut handOut, int hop, String host) {
      coordinator.tell(new ToDownload.Redirected(RUN, name, handOut.attempt(), hop, host));
    }

    void sends(HandOut handOut, long offset, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      coordinator.tell(new ToDownload.Part(RUN, name, handOut.attempt(), offset, bytes));
    }

    /** One that departs before is lost, with what may be left in the list. */
    void departsWhenAllIsOver() {
      fish(ToTransfers.Unregister.class);
      departs();
    }

    /** The two come in any order: writing down what ended has a thread of its own. */
    void departsWhenAllIsAcknowledgedAndOver() {
      Set<Class<?>> missing =
          new HashSet<>(Set.of(ToTransfers.Acknowledge.class, ToTransfers.Unregister.class));
      while (!missing.isEmpty()) {
        missing.remove(fish(ToTransfers.class).getClass());
      }
      departs();
    }

    void departs() {
      coordinator.tell(new ToDownload.Departed(RUN, name));
    }

    List<HandOut> fetches() {
      ToTransfers.Fetch fetch = fish(ToTransfers.Fetch.class);
      assertThat(fetch.stamp()).isLessThanOrEqualTo(stamp);
      return fetch.handOuts();
    }

    <T extends ToTransfers> T fish(Class<T> type) {
      List<ToTransfers> fished =
          probe.fishForMessage(
              Duration.ofSeconds(3),
              message -> {
                if (message instanceof ToTransfers.Fetch fetch && !type.isInstance(message)) {
                  handedOut.addAll(fetch.handOuts());
                }
                return type.isInstance(message)
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore();
              });
      return type.cast(fished.get(0));
    }
  }
}
