package io.divvy.coordinator;

import io.divvy.config.ChunkSettings;
import io.divvy.coordinator.RunOutcome.Death;
import io.divvy.coordinator.RunOutcome.ItemFailure;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.account.Account;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.ledger.Blame;
import io.divvy.coordinator.ledger.Ledger;
import io.divvy.coordinator.ledger.Loss;
import io.divvy.coordinator.ledger.Verdict;
import io.divvy.coordinator.merge.Merge.Merged;
import io.divvy.coordinator.merge.Merge.Origin;
import io.divvy.coordinator.share.Factoring;
import io.divvy.job.ReduceKind;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.Result;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToCoordinator;
import io.divvy.protocol.ToWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job: asks nodes for slots, hands out chunks, counts results, and has them merged.
 *
 * <p>What to hand out and what to count is decided by the {@link Ledger}, how much by {@link
 * Dealing}; this actor carries it out. It answers through the future it was given, and stops.
 */
public final class Coordinator {

  /** What a coordinator is told by its own JVM; nodes speak {@link ToCoordinator}. */
  public sealed interface Command {}

  /** A node that can be asked to take part. */
  public record NodeFound(NodeInfo node, ActorRef<ToAgent> agent) implements Command {}

  /**
   * Evidence that a node is gone.
   *
   * @param why the evidence, in words
   */
  public record NodeLost(String node, String why, NodeEnd end) implements Command {}

  /** A successor of this node is being started, under its name. */
  public record NodeRestarting(String node) implements Command {}

  /** A process of this node, known by this name, ended before it took part. */
  public record NodeStillborn(String node, long pid, String why) implements Command {}

  /** This node is not started again, whatever was said before. */
  public record NodeGivenUp(String node, String why) implements Command {}

  /** End soon with what was counted so far. */
  public enum Interrupt implements Command {
    INSTANCE
  }

  private record Heard(ToCoordinator message) implements Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  /** The results of one message are safe, so it can be acknowledged. */
  private record Taken(Slot slot, long grant, long sequence) implements Command {}

  /** Failed items are safe. */
  private enum Noted implements Command {
    INSTANCE
  }

  private record MergeFailed(Throwable failure) implements Command {}

  private record MergeEnded(Merged merged) implements Command {}

  /** Whatever is still under way, the run ends. */
  private enum Closed implements Command {
    INSTANCE
  }

  /** How it ends, once what is under way is in. */
  private record End(Status status, String problem) {}

  private static final double NANOS = 1e9;
  private static final Duration TICK = Duration.ofMillis(200);

  /** How long a run that ends early waits for what is under way. */
  private static final Duration CLOSING = Duration.ofMillis(500);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final RunSettings settings;
  private final Safekeeping safe;
  private final Consumer<JobEvent> listener;
  private final CompletableFuture<RunOutcome> outcome;
  private final LongSupplier clock;
  private final ActorRef<ToCoordinator> inbox;

  private final Ledger<String> ledger;
  private final Dealing dealing;
  private final Account account = new Account();
  private final Crew crew = new Crew();
  private final Successors successors = new Successors();
  private final Supply supply;
  private final List<ItemFailure> failures = new ArrayList<>();
  private final Deaths deaths = new Deaths();
  private int mostWorkers;
  private long abandoned;
  private long peakMemory = -1;
  private long startedAt = -1;
  private long lastResultAt = -1;
  private long lastTick;
  private long lastKeepAlive;
  private boolean cancelAsked;
  private @Nullable End closing;

  /**
   * The coordinator of one run.
   *
   * @param outcome completed when the run is over; exceptionally when output cannot be written
   * @param clock monotonic nanoseconds
   */
  public static Behavior<Command> create(
      RunSettings settings,
      Safekeeping safe,
      Consumer<JobEvent> listener,
      CompletableFuture<RunOutcome> outcome,
      LongSupplier clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Coordinator(context, timers, settings, safe, listener, outcome, clock)
                        .starting()));
  }

  /** What a node says, as the coordinator's adapter translates it. */
  static Command heard(ToCoordinator message) {
    return new Heard(message);
  }

  private Coordinator(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      RunSettings settings,
      Safekeeping safe,
      Consumer<JobEvent> listener,
      CompletableFuture<RunOutcome> outcome,
      LongSupplier clock) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.safe = safe;
    this.listener = listener;
    this.outcome = outcome;
    this.clock = clock;
    this.inbox = context.messageAdapter(ToCoordinator.class, Heard::new);
    JobSpec job = settings.job();
    long block = settings.kind() instanceof ReduceKind<?> reduction ? reduction.block() : 1;
    ChunkSettings chunks = settings.chunks();
    this.ledger = new Ledger<>(job.count(), block, settings.care().retries());
    safe.restored().to(ledger);
    failures.addAll(safe.restored().failures());
    this.dealing =
        new Dealing(
            ledger,
            new Factoring<>(block, settings.chunk().orElse(0), chunks.maximum().toNanos()),
            block,
            settings.workers().orElse(Integer.MAX_VALUE),
            (settings.remote() ? chunks.minimumRemote() : chunks.minimumLocal()).toNanos(),
            settings.remote());
    this.supply = new Supply(settings, ledger, dealing, account, crew);
    this.lastTick = clock.getAsLong();
    this.lastKeepAlive = lastTick;
    timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
  }

  // ---- states

  private Behavior<Command> starting() {
    listener.accept(new JobEvent.Started(settings.run(), ledger.items()));
    return ledger.finished() ? end(finished(), null) : running();
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(NodeFound.class, this::onNodeFound)
        .onMessage(NodeLost.class, this::onNodeLost)
        .onMessage(NodeRestarting.class, this::onNodeRestarting)
        .onMessage(NodeStillborn.class, this::onNodeStillborn)
        .onMessage(NodeGivenUp.class, this::onNodeGivenUp)
        .onMessage(Heard.class, this::onHeard)
        .onMessage(Taken.class, this::onTaken)
        .onMessage(MergeFailed.class, this::onMergeFailed)
        .onMessageEquals(Interrupt.INSTANCE, () -> close(Status.INTERRUPTED, "interrupted"))
        .onMessageEquals(Closed.INSTANCE, this::onClosed)
        .onMessageEquals(Noted.INSTANCE, Behaviors::same)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .build();
  }

  /** Nothing is handed out or counted any more; what was counted is being written out. */
  private Behavior<Command> ending(Status status, @Nullable String problem) {
    return Behaviors.receive(Command.class)
        .onMessage(MergeEnded.class, message -> onMergeEnded(message, status, problem))
        .onMessage(MergeFailed.class, this::onMergeFailed)
        .onAnyMessage(message -> Behaviors.same())
        .build();
  }

  // ---- nodes

  private Behavior<Command> onNodeFound(NodeFound found) {
    long now = clock.getAsLong();
    Member known = crew.present(found.node().name());
    successors.arrived(found.node().name());
    if (known == null) {
      Member member = new Member(found.node(), found.agent(), now);
      crew.add(member);
      register(member);
    } else if (!known.info.address().equals(found.node().address())) {
      listener.accept(
          new JobEvent.NodeRefused(
              found.node().name() + " at " + found.node().address(),
              "another node of that name takes part, at " + known.info.address()));
    } else if (known.state == Member.State.LOST) {
      register(known);
    }
    return Behaviors.same();
  }

  private void register(Member member) {
    long itemNanos = settings.care().itemTimeout().map(Duration::toNanos).orElse(0L);
    member.agent.tell(new ToAgent.Register(settings.run(), settings.job(), itemNanos, inbox));
  }

  private Behavior<Command> onNodeLost(NodeLost lost) {
    Member member = crew.find(lost.node());
    if (member != null) {
      boolean unborn = member.state == Member.State.ASKED && lost.end().exited();
      lose(member, lost.why(), lost.end());
      if (unborn) {
        tellStillborn(lost.node(), member.info.pid(), lost.why());
      }
    }
    return settle();
  }

  private Behavior<Command> onNodeRestarting(NodeRestarting restarting) {
    successors.expect(restarting.node());
    return Behaviors.same();
  }

  private Behavior<Command> onNodeStillborn(NodeStillborn stillborn) {
    tellStillborn(stillborn.node(), stillborn.pid(), stillborn.why());
    return Behaviors.same();
  }

  private void tellStillborn(String node, long pid, String why) {
    Death death = Death.stillborn(node, pid, why);
    deaths.add(death);
    listener.accept(new JobEvent.NodeGone(node, why, false, death.details()));
  }

  private Behavior<Command> onNodeGivenUp(NodeGivenUp givenUp) {
    successors.giveUp(givenUp.node());
    listener.accept(new JobEvent.NodeRefused(givenUp.node(), givenUp.why()));
    return settle();
  }

  /** Takes back what the node holds; it is handed out again. */
  private void lose(Member member, String why, NodeEnd end) {
    boolean exited = end.exited();
    Member.State before = member.state;
    if (before == Member.State.GONE || (before == Member.State.LOST && !exited)) {
      return;
    }
    member.state = exited ? Member.State.GONE : Member.State.LOST;
    long now = clock.getAsLong();
    double silent = Math.max(0, now - member.lastHeard) / NANOS;
    Held held = takeBack(member, why, end, now);
    if (before == Member.State.REGISTERED) {
      String details = "";
      if (!member.departing) {
        Death death =
            new Death(
                member.name(), member.info.pid(), why, held.again(), silent, held.secondsLost());
        deaths.add(death);
        details = death.details();
        context.getLog().warn("[{}] is lost: {}{}", member.name(), why, details);
      }
      listener.accept(
          new JobEvent.NodeGone(
              member.name(), why, member.departing, details, held.again(), held.secondsLost()));
    } else if (exited) {
      // It was missed before; now it is known why.
      deaths.learn(member.info, why);
    }
    supply.feedIdle(now);
    supply.askForSlots();
  }

  /** What a node that is lost had in hand, and the computing time that is lost with it. */
  private record Held(List<Interval> again, double secondsLost) {}

  private Held takeBack(Member member, String why, NodeEnd end, long now) {
    List<Interval> again = new ArrayList<>();
    long dead = 0;
    // Only what was being computed can have killed its process, not what waited behind it.
    List<Long> computing =
        member.slots().stream().flatMap(slot -> slot.attempts.keySet().stream().limit(1)).toList();
    Set<Long> suspects = end.exited() ? ledger.suspects(computing) : Set.of();
    for (Slot slot : member.slots()) {
      for (Long attempt : List.copyOf(slot.attempts.keySet())) {
        Blame blame = suspects.contains(attempt) ? end.blame() : Blame.NONE;
        again.addAll(giveBack(attempt, blame, member.name() + ": " + why));
      }
      slot.attempts.clear();
      dead += supply.leave(slot, true, now);
      if (end.exited()) {
        dealing.died(slot.key);
        slot.end();
      }
    }
    return new Held(again, dead / NANOS);
  }

  /** What is left of the attempt is handed out again, or given up; the former is answered. */
  private List<Interval> giveBack(long attempt, Blame blame, String why) {
    Loss loss = ledger.lose(attempt, blame, why);
    dealing.progressed(attempt, true);
    loss.queued().forEach(interval -> listener.accept(new JobEvent.Retried(interval, why)));
    loss.failed().forEach(unit -> giveUp(unit, "its worker died every time; " + why, ""));
    return loss.queued();
  }

  /** The items have no value and never will. */
  private void giveUp(Interval unit, String message, String stackTrace) {
    for (long index = unit.from(); index < unit.to(); index++) {
      failures.add(new ItemFailure(index, message, stackTrace));
      listener.accept(new JobEvent.ItemFailed(index, message, stackTrace));
    }
    context.pipeToSelf(
        safe.fail(unit, message, stackTrace),
        (done, failure) -> failure == null ? Noted.INSTANCE : new MergeFailed(failure));
  }

  // ---- what nodes say

  private Behavior<Command> onHeard(Heard heard) {
    ToCoordinator message = heard.message();
    if (!message.run().equals(settings.run())) {
      return Behaviors.same();
    }
    if (message instanceof ToCoordinator.Results results) {
      onResults(results);
    } else if (message instanceof ToCoordinator.Stopping stopping) {
      onStopping(stopping);
    } else if (message instanceof ToCoordinator.Offered offered) {
      onOffered(offered);
    } else if (message instanceof ToCoordinator.Released released) {
      onReleased(released);
    } else if (message instanceof ToCoordinator.Alive alive) {
      onAlive(alive);
    } else if (message instanceof ToCoordinator.Registered registered) {
      onRegistered(registered);
    } else if (message instanceof ToCoordinator.Refused refused) {
      onRefused(refused);
    } else if (message instanceof ToCoordinator.Abandoned given) {
      abandoned++;
      listener.accept(new JobEvent.ThreadAbandoned(given.node(), given.slot(), given.what()));
    } else if (message instanceof ToCoordinator.Cancelled cancelled) {
      onCancelled(cancelled);
    } else if (message instanceof ToCoordinator.Departing departing) {
      onDeparting(departing);
    } else if (message instanceof ToCoordinator.Departed departed) {
      onDeparted(departed);
    } else {
      throw new IllegalStateException("a message of an unknown type: " + message);
    }
    return settle();
  }

  private void onRegistered(ToCoordinator.Registered registered) {
    Member member = crew.present(registered.node());
    if (member == null) {
      return;
    }
    long now = clock.getAsLong();
    member.lastHeard = now;
    if (member.state == Member.State.REGISTERED) {
      return;
    }
    if (member.state == Member.State.LOST) {
      deaths.learn(member.info, "it came back");
    }
    member.state = Member.State.REGISTERED;
    hearMemory(member, registered.memoryBytes());
    listener.accept(new JobEvent.NodeJoined(member.info));
    // After a silence the slots it was granted are still the run's.
    member.slots().stream().filter(Slot::isHeld).forEach(slot -> supply.join(slot, now));
    supply.askForSlots();
    supply.feedIdle(now);
  }

  private void onRefused(ToCoordinator.Refused refused) {
    Member member = crew.present(refused.node());
    if (member != null) {
      lose(member, refused.why(), NodeEnd.ENDED);
      listener.accept(new JobEvent.NodeRefused(refused.node(), refused.why()));
    }
  }

  private void onOffered(ToCoordinator.Offered offered) {
    Member member = crew.present(offered.node());
    if (member == null) {
      return;
    }
    long now = clock.getAsLong();
    Slot slot = member.slot(offered.slot());
    if (slot.grant >= offered.grant()) {
      // An older offer, or this one again: the answer may have been lost.
      if (slot.grant == offered.grant() && slot.isIdle()) {
        slot.tell(new ToWorker.Assign(settings.run(), slot.grant, slot.taken, List.of()));
      }
      return;
    }
    if (slot.isHeld()) {
      takeBack(slot, "the slot was offered anew", now);
    }
    if (!supply.wants(slot)) {
      member.agent.tell(new ToAgent.Decline(settings.run(), offered.slot(), offered.grant()));
      return;
    }
    slot.begin(offered.grant(), offered.worker());
    supply.join(slot, now);
    member.worked = true;
    mostWorkers = Math.max(mostWorkers, crew.held());
    if (startedAt < 0) {
      startedAt = now;
      listener.accept(new JobEvent.Granted());
    }
    supply.feed(slot, now);
    if (slot.isIdle()) {
      slot.tell(new ToWorker.Assign(settings.run(), slot.grant, slot.taken, List.of()));
      supply.balance();
    }
  }

  private void onResults(ToCoordinator.Results message) {
    Slot slot = crew.slot(message.node(), message.slot(), message.grant());
    if (slot == null) {
      return;
    }
    long now = clock.getAsLong();
    slot.member.lastHeard = now;
    if (message.sequence() != slot.sequence + 1) {
      // Heard before, or one before it is missing and will be sent again.
      slot.tell(new ToWorker.Acknowledge(settings.run(), slot.grant, slot.taken));
      return;
    }
    slot.sequence = message.sequence();
    List<MergeThread.Accepted> accepted = new ArrayList<>();
    for (Result result : message.results()) {
      slot.parts.writeBytes(result.payload());
      if (result.last()) {
        byte[] payload = slot.parts.toByteArray();
        slot.parts.reset();
        onResult(slot, result, payload, accepted, now);
      } else {
        slot.attempts.computeIfPresent(result.attempt(), (attempt, renewed) -> now);
      }
    }
    Taken taken = new Taken(slot, message.grant(), message.sequence());
    // Also when nothing of it counts: what it repeats, or fails, has to be safe first.
    Safekeeping.Added added = safe.add(accepted);
    context.pipeToSelf(
        added.safe(), (done, failure) -> failure == null ? taken : new MergeFailed(failure));
    // Where it is safe in a moment, one message acknowledges it and brings the next chunks.
    if (!added.soon() || slot.taken < message.sequence() - 1) {
      supply.feed(slot, now);
      supply.feedIdle(now);
    }
  }

  private void onResult(
      Slot slot, Result result, byte[] payload, List<MergeThread.Accepted> accepted, long now) {
    Durations durations = result.durations();
    Result.Failure failure = result.failure();
    Verdict verdict =
        failure == null
            ? ledger.accept(result.attempt(), result.from(), result.to(), result.end())
            : ledger.fail(result.attempt(), result.from(), result.end(), failure.message());
    account.told(slot.key, durations, verdict != Verdict.DUPLICATE);
    dealing.measured(slot.key, result.to() - result.from(), durations.busy());
    switch (verdict) {
      case ACCEPTED -> {
        lastResultAt = now;
        accepted.add(
            new MergeThread.Accepted(
                result.interval(), payload, new Origin(slot.member.name(), slot.number)));
        listener.accept(
            new JobEvent.Counted(slot.member.info, slot.number, result.interval(), durations));
      }
      case RETRY -> {
        supply.failed(now);
        listener.accept(new JobEvent.Retried(result.interval(), message(failure)));
      }
      case FAILED -> {
        lastResultAt = now;
        giveUp(
            ledger.unit(result.from()),
            message(failure),
            failure == null ? "" : failure.stackTrace());
      }
      case DUPLICATE ->
          listener.accept(new JobEvent.DuplicateDropped(slot.member.name(), result.interval()));
    }
    boolean over = ledger.inFlight(result.attempt()).isEmpty();
    dealing.progressed(result.attempt(), over);
    if (over) {
      slot.attempts.remove(result.attempt());
    } else {
      slot.attempts.computeIfPresent(result.attempt(), (attempt, renewed) -> now);
    }
  }

  private static String message(Result.@Nullable Failure failure) {
    return failure == null ? "it failed" : failure.message();
  }

  private void onStopping(ToCoordinator.Stopping stopping) {
    Slot slot = crew.slot(stopping.node(), stopping.slot(), stopping.grant());
    if (slot == null) {
      return;
    }
    long now = clock.getAsLong();
    slot.member.lastHeard = now;
    Optional<Interval> given = ledger.cut(stopping.attempt(), stopping.end());
    dealing.answered(stopping.attempt(), given.isPresent());
    given.ifPresent(
        interval ->
            listener.accept(new JobEvent.CutShort(slot.member.name(), slot.number, interval)));
    if (ledger.inFlight(stopping.attempt()).isEmpty()) {
      slot.attempts.remove(stopping.attempt());
    }
    supply.feedIdle(now);
  }

  private void onReleased(ToCoordinator.Released released) {
    Slot slot = crew.slot(released.node(), released.slot(), released.grant());
    if (slot == null) {
      return;
    }
    long now = clock.getAsLong();
    slot.member.lastHeard = now;
    account.told(slot.key, released.rest(), true);
    takeBack(slot, "the node gave its slot back", now);
    supply.feedIdle(now);
  }

  /** The slot is no longer ours. What it should still have had is handed out again. */
  private void takeBack(Slot slot, String why, long now) {
    for (Long attempt : List.copyOf(slot.attempts.keySet())) {
      giveBack(attempt, Blame.NONE, why);
    }
    supply.leave(slot, false, now);
    slot.end();
  }

  private void onAlive(ToCoordinator.Alive alive) {
    Member member = crew.present(alive.node());
    if (member == null) {
      return;
    }
    long now = clock.getAsLong();
    member.lastHeard = now;
    for (Slot slot : member.slots()) {
      for (Long attempt : alive.attempts()) {
        slot.attempts.computeIfPresent(attempt, (same, renewed) -> now);
      }
    }
    hearMemory(member, alive.memoryBytes());
  }

  private void hearMemory(Member member, long bytes) {
    member.memoryBytes = bytes;
    peakMemory = Math.max(peakMemory, crew.memoryBytes());
  }

  private void onDeparting(ToCoordinator.Departing departing) {
    Member member = crew.find(departing.node());
    if (member != null) {
      member.departing = true;
      supply.askForSlots();
    }
  }

  private void onDeparted(ToCoordinator.Departed departed) {
    Member member = crew.find(departed.node());
    if (member != null) {
      member.departing = true;
      lose(member, "it left in good order", NodeEnd.ENDED);
    }
  }

  /** Whoever leads the run ends it by an {@link Interrupt}, when it has told the user. */
  private void onCancelled(ToCoordinator.Cancelled cancelled) {
    if (!cancelAsked) {
      cancelAsked = true;
      context.getLog().info("[{}] asks to end the run, at [{}]", cancelled.by(), cancelled.node());
      listener.accept(new JobEvent.CancelAsked(cancelled.by(), cancelled.node()));
    }
  }

  // ---- time

  private Behavior<Command> onTick() {
    long now = clock.getAsLong();
    long late = now - lastTick - TICK.toNanos();
    lastTick = now;
    if (late > settings.leases().renewInterval().toNanos()) {
      // This process was stopped, or the machine slept: the others' silence proves nothing.
      crew.forgive(late);
    }
    if (now - lastKeepAlive >= settings.leases().renewInterval().toNanos()) {
      lastKeepAlive = now;
      keepAlive();
    }
    long lease = settings.leases().duration().toNanos();
    for (Member member : List.copyOf(crew.all())) {
      if (member.state == Member.State.REGISTERED && now - member.lastHeard > lease) {
        lose(
            member,
            "nothing was heard from it for " + seconds(now - member.lastHeard),
            NodeEnd.SILENT);
      } else if (member.state == Member.State.REGISTERED) {
        expire(member, now - lease, now);
      }
    }
    if (ledger.queued() > 0) {
      supply.feedIdle(now); // what waited for another node may have waited long enough
    }
    listener.accept(
        new JobEvent.Progressed(
            ledger.done(), ledger.failed(), ledger.items(), crew.able().size(), crew.held()));
    return settle();
  }

  private void keepAlive() {
    for (Member member : crew.all()) {
      switch (member.state) {
        case REGISTERED -> {
          if (!member.canWork()) {
            member.agent.tell(new ToAgent.KeepAlive(settings.run()));
          }
        }
        case ASKED, LOST -> register(member);
        case GONE -> {}
      }
    }
    supply.askForSlots(); // the others hear by that
  }

  /** Attempts that the node does not name: their assignment was lost on the way. */
  private void expire(Member member, long before, long now) {
    boolean expired = false;
    for (Slot slot : member.slots()) {
      for (Map.Entry<Long, Long> attempt : Map.copyOf(slot.attempts).entrySet()) {
        if (attempt.getValue() < before) {
          expired = true;
          slot.attempts.remove(attempt.getKey());
          giveBack(attempt.getKey(), Blame.NONE, "its lease on " + member.name() + " ran out");
        }
      }
    }
    if (expired) {
      supply.feedIdle(now);
    }
  }

  /** Ends the run when all is done, or when nobody is left to do it and nobody can be expected. */
  private Behavior<Command> settle() {
    if (ledger.finished()) {
      return end(finished(), null);
    }
    if (closing != null) {
      return ledger.inFlight().isEmpty() ? onClosed() : Behaviors.same();
    }
    // What failed before the run was resumed is no reason to end it again.
    long failed = ledger.failed() - safe.restored().failures().size();
    if (failed >= settings.care().halt().limit(ledger.items())) {
      return close(Status.HALTED, Halt.reason(failed));
    }
    if (crew.has(Member.State.REGISTERED)) {
      successors.someoneCanWork();
      return Behaviors.same();
    }
    Successors.Hopes hopes =
        new Successors.Hopes(
            crew.all().isEmpty(),
            crew.names(Member.State.ASKED),
            crew.has(Member.State.LOST),
            settings.moreNodesMayCome());
    return successors
        .lost(hopes, deaths.all(), clock.getAsLong())
        .map(why -> end(Status.LOST, why))
        .orElseGet(Behaviors::same);
  }

  private Status finished() {
    return ledger.failed() == 0 ? Status.DONE : Status.FAILED_ITEMS;
  }

  // ---- merging and the end

  private Behavior<Command> onTaken(Taken taken) {
    Slot slot = taken.slot();
    long now = clock.getAsLong();
    if (slot.isHeld() && slot.grant == taken.grant()) {
      slot.taken = Math.max(slot.taken, taken.sequence());
      if (!supply.feed(slot, now)) {
        slot.tell(new ToWorker.Acknowledge(settings.run(), taken.grant(), slot.taken));
      }
    }
    supply.feedIdle(now);
    return Behaviors.same();
  }

  /**
   * Hands out nothing more, and asks for what is computed so far; the run ends when all of it is
   * in, or soon.
   */
  private Behavior<Command> close(Status status, String problem) {
    if (closing == null) {
      closing = new End(status, problem);
      supply.stop();
      timers.startSingleTimer(Closed.INSTANCE, CLOSING);
    }
    return settle();
  }

  private Behavior<Command> onClosed() {
    End how = closing;
    return how == null ? Behaviors.same() : end(how.status(), how.problem());
  }

  private Behavior<Command> end(Status status, @Nullable String problem) {
    long now = clock.getAsLong();
    account.close(now);
    listener.accept(
        new JobEvent.Progressed(
            ledger.done(), ledger.failed(), ledger.items(), crew.able().size(), crew.held()));
    unregister();
    context.pipeToSelf(
        safe.finish(),
        (merged, failure) -> failure == null ? new MergeEnded(merged) : new MergeFailed(failure));
    return ending(status, problem);
  }

  private void unregister() {
    crew.all().stream()
        .filter(member -> member.state != Member.State.GONE)
        .forEach(member -> member.agent.tell(new ToAgent.Unregister(settings.run())));
  }

  private Behavior<Command> onMergeFailed(MergeFailed failed) {
    unregister();
    outcome.completeExceptionally(failed.failure());
    return Behaviors.stopped();
  }

  private Behavior<Command> onMergeEnded(
      MergeEnded ended, Status status, @Nullable String problem) {
    long end = lastResultAt < 0 ? clock.getAsLong() : lastResultAt;
    double seconds = startedAt < 0 ? 0 : (end - startedAt) / 1e9;
    listener.accept(new JobEvent.Finished(status.word(), seconds));
    outcome.complete(
        new RunOutcome(
            settings.run(),
            status,
            ledger.items(),
            ledger.done(),
            ledger.failed(),
            ledger.remaining(),
            ledger.remainingIntervals(),
            failures,
            ended.merged().result(),
            ended.merged().digest(),
            ledger.handedOut(),
            ledger.retried(),
            ledger.duplicates(),
            abandoned,
            deaths.all(),
            crew.all().stream().filter(member -> member.worked).map(member -> member.info).toList(),
            mostWorkers,
            seconds,
            account.seconds(),
            peakMemory,
            problem,
            null));
    return Behaviors.stopped();
  }

  private static String seconds(long nanos) {
    return Math.round(nanos / 1e8) / 10.0 + " s";
  }
}
