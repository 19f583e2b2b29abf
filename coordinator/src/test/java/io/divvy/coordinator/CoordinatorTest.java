package io.divvy.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.divvy.config.ChunkSettings;
import io.divvy.config.LeaseSettings;
import io.divvy.config.MergeSettings;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.journal.Entry;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.coordinator.merge.Merge;
import io.divvy.coordinator.merge.Merges;
import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Work;
import io.divvy.protocol.Chunk;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.Payload;
import io.divvy.protocol.Result;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToCoordinator;
import io.divvy.protocol.ToWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final RunKey RUN = RunKey.random();
  private static final Durations BUSY = new Durations(0, 0, 1_000_000, 0, 0, 0, 0, 0);

  @TempDir private Path scratch;

  private final CompletableFuture<RunOutcome> outcome = new CompletableFuture<>();
  private final List<JobEvent> events = new CopyOnWriteArrayList<>();

  /** How far the coordinator's clock is ahead of ours, in nanoseconds. */
  private final AtomicLong ahead = new AtomicLong();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void aJobOfNoItemsIsDoneAtOnce() throws Exception {
    start(0, 0);
    assertThat(result().status()).isEqualTo(Status.DONE);
  }

  @Test
  void anOfferIsAnsweredWithAChunk() {
    Node node = new Node("n1", start(4, 0));
    node.offer(1, 10);
    assertThat(node.assigned()).containsExactly(new Chunk(1, 0, 1));
  }

  @Test
  void aResultIsAcknowledgedByTheMessageThatBringsTheNextChunk() {
    List<ToWorker> answers = new ArrayList<>();
    // The coordinator's clock may hand out the chunk before the result is merged: not five times.
    for (int i = 0; i < 5; i++) {
      Node node = new Node("n1", start(4, 0));
      node.offer(1, 10);
      node.assigned();
      node.compute(1, 10, 1, new Chunk(1, 0, 1));
      answers.add(node.worker.expectMessageClass(ToWorker.class));
    }
    assertThat(answers).contains(new ToWorker.Assign(RUN, 10, 1, List.of(new Chunk(2, 1, 4))));
  }

  @Test
  void resultsHeardTwiceAreAcknowledgedTwiceAndCountedOnce() throws Exception {
    Node node = new Node("n1", start(1, 0));
    node.offer(1, 10);
    node.assigned();
    node.compute(1, 10, 1, new Chunk(1, 0, 1));
    node.compute(1, 10, 1, new Chunk(1, 0, 1));
    assertThat(result().done()).isEqualTo(1);
  }

  @Test
  void theMemoryOfNodesIsKnownHoweverShortTheRun() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(2, 0);
    Node first = new Node("n1", coordinator);
    new Node("n2", coordinator);
    first.offer(1, 10);
    first.compute(1, 10, 1, first.assigned().get(0));
    first.compute(1, 10, 2, first.assigned().get(0));
    assertThat(result().nodesMemoryBytes()).isEqualTo(2000);
  }

  @Test
  void whatALostNodeHadIsGivenToAnother() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(1, 0);
    Node lost = new Node("n1", coordinator);
    lost.offer(1, 10);
    lost.assigned();
    Node other = new Node("n2", coordinator);
    coordinator.tell(new Coordinator.NodeLost("n1", "killed by SIGKILL", NodeEnd.KILLED));
    other.offer(1, 20);
    assertThat(other.assigned()).containsExactly(new Chunk(2, 0, 1));
    other.compute(1, 20, 1, new Chunk(2, 0, 1));
    assertThat(result().deaths())
        .extracting(RunOutcome.Death::node, RunOutcome.Death::evidence)
        .containsExactly(tuple("n1", "killed by SIGKILL"));
  }

  @Test
  void aNodeThatEndsBeforeItAnsweredIsADeathToo() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(1, 0);
    TestProbe<ToAgent> agent = KIT.createTestProbe();
    coordinator.tell(new Coordinator.NodeFound(info("n1", 4712), agent.getRef()));
    Node other = new Node("n2", coordinator);
    coordinator.tell(new Coordinator.NodeLost("n1", "killed by SIGKILL", NodeEnd.KILLED));
    other.offer(1, 20);
    other.compute(1, 20, 1, other.assigned().get(0));
    assertThat(result().deaths()).extracting(RunOutcome.Death::pid).containsExactly(4712L);
  }

  @Test
  void theLateResultOfANodeThatWasOnlySilentCountsIfItIsTheFirst() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(1, 0);
    Node silent = new Node("n1", coordinator);
    silent.offer(1, 10);
    silent.assigned();
    coordinator.tell(new Coordinator.NodeLost("n1", "silence", NodeEnd.SILENT));
    silent.compute(1, 10, 1, new Chunk(1, 0, 1));
    assertThat(result().done()).isEqualTo(1);
  }

  @Test
  void aRunIsNotLostWhileASuccessorIsComingAndIsWhenNoneIs() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(1, 0);
    Node first = new Node("n1", coordinator);
    first.offer(1, 10);
    first.assigned();
    coordinator.tell(new Coordinator.NodeRestarting("n1"));
    coordinator.tell(new Coordinator.NodeLost("n1", "killed by SIGKILL", NodeEnd.KILLED));
    Node successor = new Node("n1", coordinator);
    successor.offer(1, 20);
    assertThat(successor.assigned()).containsExactly(new Chunk(2, 0, 1));
    coordinator.tell(new Coordinator.NodeRestarting("n1"));
    coordinator.tell(new Coordinator.NodeLost("n1", "exit code 1", NodeEnd.ENDED));
    coordinator.tell(new Coordinator.NodeGivenUp("n1", "it died too often"));
    RunOutcome outcome = result();
    assertThat(outcome.status()).isEqualTo(Status.LOST);
    assertThat(outcome.deaths()).hasSize(2);
  }

  @Test
  void aNodeThatWasStartedAgainUnderItsOldNameTakesPart() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(1, 0);
    new Node("n1", coordinator);
    new Node("n2", coordinator);
    coordinator.tell(new Coordinator.NodeLost("n1", "killed by SIGKILL", NodeEnd.KILLED));
    Node again = new Node("n1", coordinator);
    again.offer(1, 20);
    again.compute(1, 20, 1, again.assigned().get(0));
    assertThat(result().status()).isEqualTo(Status.DONE);
  }

  @Test
  void aNodeThatRefusesIsNoDeath() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(1, 0);
    Node node = new Node("n1", coordinator);
    coordinator.tell(
        new Coordinator.NodeFound(
            new NodeInfo("n2", "n2:1", 4712, 2, "here", 2, 0, "0", Map.of()),
            KIT.<ToAgent>createTestProbe().getRef()));
    coordinator.tell(
        Coordinator.heard(new ToCoordinator.Refused(RUN, "n2", "it has no such kind")));
    node.offer(1, 10);
    node.compute(1, 10, 1, node.assigned().get(0));
    assertThat(result().deaths()).isEmpty();
    assertThat(events).contains(new JobEvent.NodeRefused("n2", "it has no such kind"));
  }

  @Test
  void aFailedItemIsTriedAgainAndThenListed() throws Exception {
    Node node = new Node("n1", start(1, 1));
    node.offer(1, 10);
    node.fail(1, 10, 1, node.assigned().get(0));
    node.fail(1, 10, 2, node.assigned().get(0));
    assertThat(result().status()).isEqualTo(Status.FAILED_ITEMS);
    assertThat(result().failures())
        .containsExactly(new RunOutcome.ItemFailure(0, "no value", "at somewhere"));
  }

  @Test
  void aFailedItemIsTriedOnAnotherNodeFirstAndAsOftenAsWasAskedFor() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(2, 2, OptionalLong.of(1));
    Node first = new Node("n1", coordinator);
    first.offer(1, 10);
    first.compute(1, 10, 1, first.assigned().get(0));
    Chunk failing = first.assigned().get(0);
    Node other = new Node("n2", coordinator); // there is nothing for it yet
    first.fail(1, 10, 2, failing);
    other.isWanted();
    other.offer(1, 20);
    Chunk elsewhere = other.assigned().get(0);
    assertThat(elsewhere).isEqualTo(new Chunk(3, 1, 2));
    first.released(1, 10);
    other.fail(1, 20, 1, elsewhere);
    Chunk last = other.assigned().get(0); // it failed everywhere: anybody who is left may try
    assertThat(last).isEqualTo(new Chunk(4, 1, 2));
    other.fail(1, 20, 2, last);
    assertThat(result().failures())
        .containsExactly(new RunOutcome.ItemFailure(1, "no value", "at somewhere"));
    assertThat(result().done()).isOne();
    assertThat(result().retried()).isEqualTo(2);
  }

  @Test
  void aFailedItemDoesNotWaitForEverForAnotherNode() {
    ActorRef<Coordinator.Command> coordinator = start(2, 1, OptionalLong.of(1));
    Node first = new Node("n1", coordinator);
    first.offer(1, 10);
    Chunk failing = first.assigned().get(0);
    new Node("n2", coordinator); // others keep it busy
    first.fail(1, 10, 1, failing);
    Chunk next = first.assigned().get(0);
    assertThat(next).isEqualTo(new Chunk(2, 1, 2));
    first.compute(1, 10, 2, next);
    assertThat(first.assigned()).containsExactly(new Chunk(3, 0, 1));
  }

  @Test
  void theWorkerWithTheMostLeftIsAskedToStopForOneThatHasNothing() {
    ActorRef<Coordinator.Command> coordinator = start(100, 0, OptionalLong.of(100));
    Node busy = new Node("n1", coordinator);
    busy.offer(1, 10);
    busy.assigned();
    Node idle = new Node("n2", coordinator);
    idle.offer(1, 20);
    ToWorker.StopEarly asked = busy.worker.expectMessageClass(ToWorker.StopEarly.class);
    assertThat(asked).isEqualTo(new ToWorker.StopEarly(RUN, 10, 1, 0.5, 100));
    coordinator.tell(Coordinator.heard(new ToCoordinator.Stopping(RUN, "n1", 1, 10, 1, 50)));
    assertThat(idle.assigned()).containsExactly(new Chunk(2, 50, 100));
  }

  @Test
  void aRunIsHaltedWhenEnoughItemsHaveFailedAndTellsWhatRemains() throws Exception {
    Halt second = new Halt.Items(2);
    Node node = new Node("n1", start(9, 0, OptionalLong.of(1), OptionalInt.empty(), second));
    node.offer(1, 10);
    List<Chunk> chunks = new ArrayList<>(node.assigned());
    node.fail(1, 10, 1, chunks.remove(0));
    chunks.addAll(node.assigned());
    node.fail(1, 10, 2, chunks.remove(0));
    for (Chunk left : chunks) {
      node.hears(new ToWorker.StopEarly(RUN, 10, left.attempt(), 0, left.to()));
      node.stopping(1, 10, left.attempt(), left.from());
    }
    assertThat(result().status()).isEqualTo(Status.HALTED);
    assertThat(result().problem()).contains("2 items failed");
    assertThat(result().open()).containsExactly(new Interval(2, 9));
  }

  @Test
  void whatIsReadySoonAfterAnInterruptStillCounts() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(9, 0, OptionalLong.of(4));
    Node node = new Node("n1", coordinator);
    node.offer(1, 10);
    Chunk first = node.assigned().get(0);
    coordinator.tell(Coordinator.Interrupt.INSTANCE);
    node.hears(new ToWorker.StopEarly(RUN, 10, first.attempt(), 0, 4));
    node.stopping(1, 10, first.attempt(), 2);
    node.compute(1, 10, 1, new Chunk(first.attempt(), 0, 2));
    assertThat(result().status()).isEqualTo(Status.INTERRUPTED);
    assertThat(result().done()).isEqualTo(2);
    assertThat(result().open()).containsExactly(new Interval(2, 9));
  }

  @Test
  void anInterruptedRunTellsWhatItHas() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(4, 0);
    Node node = new Node("n1", coordinator);
    node.offer(1, 10);
    node.assigned();
    node.compute(1, 10, 1, new Chunk(1, 0, 1));
    coordinator.tell(Coordinator.Interrupt.INSTANCE);
    assertThat(result().status()).isEqualTo(Status.INTERRUPTED);
    assertThat(result().done()).isEqualTo(1);
    assertThat(result().remaining()).isEqualTo(3);
  }

  @Test
  void aRunWhoseNodesAreAllGoneIsLost() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(4, 0);
    new Node("n1", coordinator);
    coordinator.tell(new Coordinator.NodeLost("n1", "exit code 1", NodeEnd.ENDED));
    assertThat(result().status()).isEqualTo(Status.LOST);
    assertThat(result().problem()).contains("exit code 1");
  }

  @Test
  void aRunThatNoNodeComesToIsLostAfterAMoment() throws Exception {
    start(4, 0);
    isLostAfterTenSeconds("no node is there, and none has come for 10 s");
  }

  @Test
  void aRunWhoseNodesNeverAnswerIsLostAfterAMoment() throws Exception {
    ActorRef<Coordinator.Command> coordinator = start(4, 0);
    TestProbe<ToAgent> silent = KIT.createTestProbe();
    coordinator.tell(new Coordinator.NodeFound(info("n1", 4711), silent.getRef()));
    silent.expectMessageClass(ToAgent.Register.class);
    events.clear();
    isLostAfterTenSeconds("no node has answered for 10 s, asked: n1");
  }

  private void isLostAfterTenSeconds(String problem) throws Exception {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> events.stream().anyMatch(JobEvent.Progressed.class::isInstance));
    assertThat(outcome).isNotDone();
    ahead.set(Duration.ofSeconds(10).toNanos());
    assertThat(result().status()).isEqualTo(Status.LOST);
    assertThat(result().problem()).isEqualTo(problem);
  }

  @Test
  void aSlotOfANodeBeyondTheLimitIsNotTaken() {
    ActorRef<Coordinator.Command> coordinator =
        start(100, 0, OptionalLong.empty(), OptionalInt.of(1));
    Node asked = new Node("n1", coordinator);
    Node faster = new Node("n2", coordinator);
    faster.offer(1, 20);
    faster.assigned();
    asked.offer(1, 10);
    asked.agentHears(new ToAgent.Decline(RUN, 1, 10));
    faster.offer(2, 21);
    faster.assigned();
  }

  @Test
  void aSlotThatWasGivenBackForWantOfWorkIsNotTakenAgainUntilThereIsSome() {
    Node node = new Node("n1", start(2, 0));
    node.offer(1, 10);
    node.assigned();
    node.offer(2, 11);
    node.compute(2, 11, 1, node.assigned().get(0));
    node.hears(new ToWorker.Release(RUN, 11));
    node.released(2, 11);
    node.offer(2, 12);
    node.agentHears(new ToAgent.Decline(RUN, 2, 12));
  }

  @Test
  void agentsForgetTheRunWhenItIsOver() {
    Node node = new Node("n1", start(1, 0));
    node.offer(1, 10);
    node.assigned();
    node.compute(1, 10, 1, new Chunk(1, 0, 1));
    node.agentHears(new ToAgent.Unregister(RUN));
  }

  @Test
  void thatSomebodyWantsTheRunToEndIsToldOnceToWhoeverLeadsIt() {
    ActorRef<Coordinator.Command> coordinator = start(4, 0);
    Node node = new Node("n1", coordinator);
    coordinator.tell(Coordinator.heard(new ToCoordinator.Cancelled(RUN, "n1", "ann")));
    coordinator.tell(Coordinator.heard(new ToCoordinator.Cancelled(RUN, "n1", "ann")));
    node.offer(1, 10);
    assertThat(node.assigned()).isNotEmpty(); // it goes on until it is interrupted
    assertThat(events.stream().filter(JobEvent.CancelAsked.class::isInstance))
        .containsExactly(new JobEvent.CancelAsked("ann", "n1"));
  }

  private RunOutcome result() throws Exception {
    return outcome.get(10, TimeUnit.SECONDS);
  }

  @Test
  void resultsAreAcknowledgedOnlyWhenTheyAreKept() {
    CompletableFuture<Void> kept = new CompletableFuture<>();
    Node node = new Node("n1", startKeeping(kept));
    node.offer(1, 1);
    Chunk chunk = node.assigned().get(0);
    assertThat(chunk.from()).isEqualTo(3);

    node.compute(1, 1, 1, chunk);
    node.compute(1, 1, 1, chunk); // once more, since nothing was acknowledged
    node.hears(new ToWorker.Acknowledge(RUN, 1, 0));

    kept.complete(null);
    node.hears(new ToWorker.Acknowledge(RUN, 1, 1));
  }

  @Test
  void theNextChunkDoesNotWaitUntilResultsAreKept() {
    Node node = new Node("n1", startKeeping(new CompletableFuture<>()));
    node.offer(1, 1);
    node.compute(1, 1, 1, node.assigned().get(0));
    assertThat(node.worker.expectMessageClass(ToWorker.Assign.class).safe()).isZero();
  }

  /** A run whose first three items are done, and whose results are kept when that is completed. */
  private ActorRef<Coordinator.Command> startKeeping(CompletableFuture<Void> kept) {
    Keeper keeper =
        new Keeper() {
          @Override
          public RunKey run() {
            return RUN;
          }

          @Override
          public CompletionStage<Void> keep(List<Entry> entries) {
            return kept;
          }

          @Override
          public void replay(Replay replay) {}
        };
    Restored restored = new Restored(List.of(new Interval(0, 3)), List.of());
    return start(
        100,
        1,
        OptionalLong.of(1),
        OptionalInt.empty(),
        Halt.Never.INSTANCE,
        new Safekeeping(merge(100), keeper, restored));
  }

  private ActorRef<Coordinator.Command> start(long items, int retries) {
    return start(items, retries, OptionalLong.empty());
  }

  private ActorRef<Coordinator.Command> start(long items, int retries, OptionalLong chunk) {
    return start(items, retries, chunk, OptionalInt.empty());
  }

  private ActorRef<Coordinator.Command> start(
      long items, int retries, OptionalLong chunk, OptionalInt nodes) {
    return start(items, retries, chunk, nodes, Halt.Never.INSTANCE);
  }

  private ActorRef<Coordinator.Command> start(
      long items, int retries, OptionalLong chunk, OptionalInt nodes, Halt halt) {
    return start(items, retries, chunk, nodes, halt, new Safekeeping(merge(items)));
  }

  private Merge merge(long items) {
    return Merges.of(
        new Same(), items, ItemSink.NONE, new MergeSettings(1 << 20, 1 << 20), scratch);
  }

  private ActorRef<Coordinator.Command> start(
      long items, int retries, OptionalLong chunk, OptionalInt nodes, Halt halt, Safekeeping safe) {
    JobSpec job = new JobSpec("same", "", Map.of(), 0, 1, items, new JobSpec.Wanted(false, false));
    Duration second = Duration.ofSeconds(1);
    RunSettings settings =
        new RunSettings(
            RUN,
            job,
            new Same(),
            OptionalInt.empty(),
            nodes,
            chunk,
            new Care(retries, halt, Optional.empty(), 0),
            false,
            false,
            new ChunkSettings(Duration.ofMillis(50), Duration.ofMillis(100), second),
            new LeaseSettings(second, Duration.ofSeconds(5), second, Duration.ofSeconds(15)));
    return KIT.spawn(
        Coordinator.create(
            settings, safe, events::add, outcome, () -> System.nanoTime() + ahead.get()));
  }

  private static NodeInfo info(String name, long pid) {
    return new NodeInfo(name, name + ":1", pid, 2, "here", 2, 0, "0", Map.of("same", ""));
  }

  /** An agent with workers, played by the test. */
  private static final class Node {
    private static final AtomicLong PIDS = new AtomicLong(4710);
    private final String name;
    private final ActorRef<Coordinator.Command> coordinator;
    private final TestProbe<ToAgent> agent = KIT.createTestProbe();
    private final TestProbe<ToWorker> worker = KIT.createTestProbe();

    Node(String name, ActorRef<Coordinator.Command> coordinator) {
      this.name = name;
      this.coordinator = coordinator;
      coordinator.tell(
          new Coordinator.NodeFound(info(name, PIDS.incrementAndGet()), agent.getRef()));
      agent.expectMessageClass(ToAgent.Register.class);
      coordinator.tell(Coordinator.heard(new ToCoordinator.Registered(RUN, name, 1000)));
      agent.expectMessageClass(ToAgent.Want.class);
    }

    void offer(int slot, long grant) {
      coordinator.tell(
          Coordinator.heard(new ToCoordinator.Offered(RUN, name, slot, grant, worker.getRef())));
    }

    /** The next chunks; acknowledgements are passed over, and that an offer was heard. */
    List<Chunk> assigned() {
      while (true) {
        if (worker.expectMessageClass(ToWorker.class) instanceof ToWorker.Assign assign
            && !assign.chunks().isEmpty()) {
          return assign.chunks();
        }
      }
    }

    void compute(int slot, long grant, long sequence, Chunk chunk) {
      Payload.Writer payload = new Payload.Writer();
      for (long index = chunk.from(); index < chunk.to(); index++) {
        payload.item(new Payload.Item(Codec.longs().encode(index), null, null, 1));
      }
      tell(slot, grant, sequence, chunk, payload.take(), null);
    }

    void released(int slot, long grant) {
      coordinator.tell(
          Coordinator.heard(new ToCoordinator.Released(RUN, name, slot, grant, Durations.ZERO)));
    }

    void stopping(int slot, long grant, long attempt, long end) {
      coordinator.tell(
          Coordinator.heard(new ToCoordinator.Stopping(RUN, name, slot, grant, attempt, end)));
    }

    /** Passes over everything else. */
    void hears(ToWorker wanted) {
      worker.fishForMessage(PATIENCE, message -> until(message.equals(wanted)));
    }

    /** Passes over everything else. */
    void agentHears(ToAgent wanted) {
      agent.fishForMessage(PATIENCE, message -> until(message.equals(wanted)));
    }

    /** Passes over everything else. */
    void isWanted() {
      agent.fishForMessage(
          PATIENCE, message -> until(message instanceof ToAgent.Want want && want.slots() > 0));
    }

    private static FishingOutcome until(boolean found) {
      return found ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore();
    }

    void fail(int slot, long grant, long sequence, Chunk chunk) {
      tell(
          slot,
          grant,
          sequence,
          chunk,
          new byte[0],
          new Result.Failure("no value", "at somewhere"));
    }

    private void tell(
        int slot,
        long grant,
        long sequence,
        Chunk chunk,
        byte[] payload,
        Result.@Nullable Failure failure) {
      Result result =
          new Result(
              chunk.attempt(), chunk.from(), chunk.to(), chunk.to(), payload, true, failure, BUSY);
      coordinator.tell(
          Coordinator.heard(
              new ToCoordinator.Results(RUN, name, slot, grant, sequence, List.of(result))));
    }
  }

  /** Each number is its own value. */
  public record Same() implements MapKind<Long> {
    @Override
    public String name() {
      return "same";
    }

    @Override
    public String summary() {
      return "each number itself";
    }

    @Override
    public Long apply(long number, Work work) {
      return number;
    }

    @Override
    public Codec<Long> codec() {
      return Codec.longs();
    }
  }
}
