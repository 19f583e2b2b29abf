package io.divvy.node.worker;

import io.divvy.config.ResultSettings;
import io.divvy.job.JobKind;
import io.divvy.job.Numbers;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToCoordinator;
import io.divvy.protocol.ToWorker;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a node: is granted to one run after the other, and hands what their coordinators send
 * to its compute thread.
 */
public final class Worker {

  /** What a worker hears from its agent and from itself. */
  public sealed interface Command extends NoSerializationVerificationNeeded {}

  /** A command about one grant: about another than the present one it changes nothing. */
  private sealed interface OfGrant extends Command {
    long grant();
  }

  /**
   * Offer the slot to this run; it is the run's until the worker says {@link Freed}. Heard by a
   * free worker only.
   *
   * @param kind the kind with its parameters, shared by all workers of the run
   * @param itemNanos how long an item, or a block of a reduction, may be computed; 0: as long as it
   *     takes
   */
  public record Grant(
      RunKey run,
      long grant,
      JobKind kind,
      JobSpec job,
      long itemNanos,
      ActorRef<ToCoordinator> coordinator)
      implements Command {}

  /** The offer was declined: free the slot, unless chunks came all the same. */
  public record Withdraw(long grant) implements OfGrant {}

  /** Give the slot back: stop after the items in hand, and wait until their results are safe. */
  public record Yield(long grant) implements OfGrant {}

  /** The run is over or lost: drop everything of it. */
  public record Revoke(long grant) implements OfGrant {}

  /** Answer with {@link Holding}. */
  public enum Report implements Command {
    INSTANCE
  }

  private record Heard(ToWorker message) implements OfGrant {
    @Override
    public long grant() {
      return message.grant();
    }
  }

  private record Computed(long grant, Outbox.Batch batch) implements OfGrant {}

  private record Held(long grant) implements OfGrant {}

  private record Quiet(long grant, Durations rest) implements OfGrant {}

  private record Broken(Throwable cause) implements Command {}

  private record OfferAgain(long grant) implements OfGrant {}

  private record SendHeld(long grant) implements OfGrant {}

  private record Resend(long grant) implements OfGrant {}

  private record Impatient(long grant) implements OfGrant {}

  private record LookAgain(long grant) implements OfGrant {}

  private record StillBusy(long grant) implements OfGrant {}

  /** What a worker tells its agent. */
  public sealed interface News extends NoSerializationVerificationNeeded {
    int slot();
  }

  /** The grant is over, and the slot ready for the next. */
  public record Freed(int slot, long grant) implements News {}

  /**
   * Which attempts are queued, under way, or not yet acknowledged.
   *
   * @param run null when the slot is nobody's
   */
  public record Holding(int slot, @Nullable RunKey run, List<Long> attempts) implements News {
    public Holding {
      attempts = List.copyOf(attempts);
    }
  }

  /** The item in hand did not stop; its thread was given up, and the slot has a new one. */
  public record Abandoned(int slot) implements News {}

  /** The compute thread died; the slot is of no more use. */
  public record Lost(int slot, String why) implements News {}

  /**
   * What all workers of a node have in common.
   *
   * @param node the node's name
   * @param offerTimeout an offer that was not answered for this long is repeated
   * @param patience a slot that others need is freed this long after its last result, acknowledged
   *     or not
   * @param nanoTime the node's monotonic clock
   * @param counted called by each worker once, when the first of its results is acknowledged
   */
  public record Setting(
      String node,
      ResultSettings results,
      Duration offerTimeout,
      Duration patience,
      LongSupplier nanoTime,
      Runnable counted) {}

  /** A free worker; {@code slot} counts from 1 within the node. */
  public static Behavior<Command> create(int slot, Setting setting, ActorRef<News> agent) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Worker(context, timers, slot, setting, agent).free()));
  }

  /** One grant: what the actor knows of it, what the thread knows, and whose it is. */
  private record Tenancy(Stay stay, Stint stint, ActorRef<ToCoordinator> coordinator) {
    long grant() {
      return stay.grant();
    }

    void tell(ToCoordinator message) {
      coordinator.tell(message);
    }
  }

  /** The last word to a coordinator, kept in case it is lost. */
  private record Farewell(ToCoordinator.Released message, ActorRef<ToCoordinator> coordinator) {}

  /** Results of small chunks wait for more of their kind about this long. */
  private static final Duration GATHERING = Duration.ofMillis(5);

  /** The thread of an item that ignores its cancellation for this long is given up. */
  private static final Duration STUBBORN = Duration.ofMillis(500);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final int slot;
  private final Setting setting;
  private final ActorRef<News> agent;
  private boolean counted;
  private final ActorRef<Command> self;
  private final ActorRef<ToWorker> door;
  private final Computer computer;

  // The one thing that outlives a grant, whatever the worker does next.
  private @Nullable Farewell farewell;

  private Worker(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      int slot,
      Setting setting,
      ActorRef<News> agent) {
    this.context = context;
    this.timers = timers;
    this.slot = slot;
    this.setting = setting;
    this.agent = agent;
    ActorRef<Command> me = context.getSelf(); // asked here, used by the compute thread
    this.self = me;
    this.door = context.messageAdapter(ToWorker.class, Heard::new);
    this.computer =
        new Computer(
            "divvy-worker-" + slot, setting.nanoTime(), cause -> me.tell(new Broken(cause)));
    computer.start();
  }

  private Behavior<Command> free() {
    return table()
        .onMessage(Grant.class, this::onGrant)
        .onMessage(Heard.class, heard -> onLateOrder(heard.message()))
        .onMessageEquals(Report.INSTANCE, () -> report(null, List.of()))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  /** The coordinator was told of the grant, and has not answered. */
  private Behavior<Command> offering(Tenancy tenancy) {
    return table(tenancy)
        .onMessage(Heard.class, heard -> onAnswer(tenancy, heard.message()))
        .onMessage(OfferAgain.class, again -> offer(tenancy))
        .onMessage(Withdraw.class, withdraw -> clear(tenancy))
        .onMessage(Yield.class, request -> giveWay(tenancy))
        .onMessage(Revoke.class, revoke -> clear(tenancy))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  private Behavior<Command> granted(Tenancy tenancy) {
    return table(tenancy)
        .onMessage(Heard.class, heard -> onOrder(tenancy, heard.message()))
        .onMessage(Yield.class, request -> giveWay(tenancy))
        .onMessage(Revoke.class, revoke -> clear(tenancy))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  /**
   * The slot is given back as soon as the thread is quiet.
   *
   * @param wanted whether others need the slot
   */
  private Behavior<Command> leaving(Tenancy tenancy, boolean wanted) {
    return table(tenancy)
        .onMessage(Heard.class, heard -> onLastOrder(tenancy, heard.message()))
        .onMessage(Quiet.class, quiet -> onQuiet(tenancy, wanted, quiet.rest()))
        .onMessage(Yield.class, request -> giveWayWhileLeaving(tenancy))
        .onMessage(Revoke.class, revoke -> cancel(tenancy))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  /** The thread is quiet since {@code since}, but its last results are not yet acknowledged. */
  private Behavior<Command> settling(Tenancy tenancy, Durations rest, long since) {
    return table(tenancy)
        .onMessage(Heard.class, heard -> onAcknowledged(tenancy, rest, since, heard.message()))
        .onMessage(Yield.class, request -> bePatient(tenancy))
        .onMessage(Impatient.class, impatient -> onImpatient(tenancy))
        .onMessage(Revoke.class, revoke -> freed(tenancy))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  /** The run is of no more interest, but the thread may still be in one of its items. */
  private Behavior<Command> clearing(Tenancy tenancy) {
    return table()
        .onMessage(OfGrant.class, message -> isStale(tenancy, message), this::onStale)
        .onMessage(Quiet.class, quiet -> freed(tenancy))
        .onMessage(StillBusy.class, busy -> onStillBusy(tenancy))
        .onMessageEquals(Report.INSTANCE, () -> report(null, List.of()))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  private Behavior<Command> broken() {
    return Behaviors.receive(Command.class)
        .onMessageEquals(Report.INSTANCE, () -> report(null, List.of()))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  private BehaviorBuilder<Command> table() {
    return Behaviors.receive(Command.class)
        .onMessage(Broken.class, this::onBroken)
        .onSignal(PostStop.class, stop -> onStop());
  }

  /** What is heard in every mood that has a grant. */
  private BehaviorBuilder<Command> table(Tenancy tenancy) {
    return table()
        .onMessage(OfGrant.class, message -> isStale(tenancy, message), this::onStale)
        .onMessage(Computed.class, computed -> onComputed(tenancy, computed.batch()))
        .onMessage(Held.class, held -> onHeld(tenancy))
        .onMessage(SendHeld.class, send -> onSendHeld(tenancy))
        .onMessage(Resend.class, resend -> onResend(tenancy))
        .onMessage(LookAgain.class, look -> onLook(tenancy))
        .onMessageEquals(
            Report.INSTANCE, () -> report(tenancy.stay().run(), tenancy.stay().attempts()));
  }

  private static boolean isStale(Tenancy tenancy, OfGrant message) {
    return message.grant() != tenancy.grant();
  }

  private Behavior<Command> onStale(OfGrant stale) {
    return stale instanceof Heard heard ? onLateOrder(heard.message()) : Behaviors.same();
  }

  private Behavior<Command> onGrant(Grant grant) {
    long id = grant.grant();
    Outbox outbox =
        new Outbox(
            setting.results(),
            batch -> self.tell(new Computed(id, batch)),
            () -> self.tell(new Held(id)));
    Stint stint =
        new Stint(
            grant.kind(),
            grant.job(),
            setting.results(),
            grant.itemNanos(),
            computer.now(),
            outbox,
            rest -> self.tell(new Quiet(id, rest)));
    Stay stay = new Stay(grant.run(), setting.node(), slot, id, Computation.block(grant.kind()));
    computer.begin(stint);
    Tenancy tenancy = new Tenancy(stay, stint, grant.coordinator());
    if (grant.itemNanos() > 0) {
      lookIn(tenancy, grant.itemNanos());
    }
    offer(tenancy);
    return offering(tenancy);
  }

  private Behavior<Command> offer(Tenancy tenancy) {
    Stay stay = tenancy.stay();
    tenancy.tell(new ToCoordinator.Offered(stay.run(), setting.node(), slot, stay.grant(), door));
    OfferAgain again = new OfferAgain(stay.grant());
    timers.startSingleTimer(OfferAgain.class, again, setting.offerTimeout());
    return Behaviors.same();
  }

  private Behavior<Command> onAnswer(Tenancy tenancy, ToWorker answer) {
    if (answer instanceof ToWorker.Assign || answer instanceof ToWorker.Release) {
      timers.cancel(OfferAgain.class);
      Behavior<Command> next = onOrder(tenancy, answer);
      return next == Behaviors.<Command>same() ? granted(tenancy) : next;
    }
    return Behaviors.same();
  }

  private Behavior<Command> onOrder(Tenancy tenancy, ToWorker order) {
    if (order instanceof ToWorker.Assign assign) {
      onAcknowledge(tenancy, assign.safe());
      for (Task task : tenancy.stay().take(assign.chunks(), computer.now())) {
        computer.compute(tenancy.stint(), task);
      }
      return Behaviors.same();
    }
    if (order instanceof ToWorker.Release) {
      computer.end(tenancy.stint());
      return leaving(tenancy, false);
    }
    return onLastOrder(tenancy, order);
  }

  /** An order that does not keep the slot: chunks that come now are given back whole. */
  private Behavior<Command> onLastOrder(Tenancy tenancy, ToWorker order) {
    if (order instanceof ToWorker.Assign assign) {
      onAcknowledge(tenancy, assign.safe());
      tenancy.stay().giveBack(assign.chunks()).forEach(tenancy::tell);
    } else if (order instanceof ToWorker.StopEarly early) {
      tenancy.stay().stopEarly(early.attempt(), early.keep(), early.end()).ifPresent(tenancy::tell);
    } else if (order instanceof ToWorker.Acknowledge acknowledge) {
      onAcknowledge(tenancy, acknowledge.sequence());
    }
    return Behaviors.same();
  }

  private void onAcknowledge(Tenancy tenancy, long sequence) {
    long bytes = tenancy.stay().acknowledge(sequence);
    if (bytes > 0) {
      if (!counted) {
        counted = true;
        setting.counted().run();
      }
      tenancy.stint().outbox().acknowledged(bytes);
      timers.cancel(Resend.class);
      remindOfUnacknowledged(tenancy);
    }
  }

  /** The coordinator talks about a grant that is over: it did not hear the end of it. */
  private Behavior<Command> onLateOrder(ToWorker order) {
    Farewell last = farewell;
    if (last != null
        && last.message().grant() == order.grant()
        && !(order instanceof ToWorker.Acknowledge)) {
      last.coordinator().tell(last.message());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onComputed(Tenancy tenancy, Outbox.Batch batch) {
    timers.cancel(SendHeld.class);
    tenancy.stay().send(batch).ifPresent(tenancy::tell);
    remindOfUnacknowledged(tenancy);
    return Behaviors.same();
  }

  private Behavior<Command> onHeld(Tenancy tenancy) {
    timers.startSingleTimer(SendHeld.class, new SendHeld(tenancy.grant()), GATHERING);
    return Behaviors.same();
  }

  private Behavior<Command> onSendHeld(Tenancy tenancy) {
    tenancy.stint().outbox().send();
    return Behaviors.same();
  }

  /** Everything from the first missing one on: the coordinator takes results in order only. */
  private Behavior<Command> onResend(Tenancy tenancy) {
    tenancy.stay().unacknowledged().forEach(tenancy::tell);
    remindOfUnacknowledged(tenancy);
    return Behaviors.same();
  }

  private void remindOfUnacknowledged(Tenancy tenancy) {
    if (!tenancy.stay().allAcknowledged() && !timers.isTimerActive(Resend.class)) {
      Resend resend = new Resend(tenancy.grant());
      timers.startSingleTimer(Resend.class, resend, setting.results().resendInterval());
    }
  }

  private Behavior<Command> giveWay(Tenancy tenancy) {
    tenancy.stay().stopAll().forEach(tenancy::tell);
    computer.end(tenancy.stint());
    return leaving(tenancy, true);
  }

  private Behavior<Command> giveWayWhileLeaving(Tenancy tenancy) {
    tenancy.stay().stopAll().forEach(tenancy::tell);
    return leaving(tenancy, true);
  }

  private Behavior<Command> onQuiet(Tenancy tenancy, boolean wanted, Durations rest) {
    long since = computer.now();
    if (tenancy.stay().allAcknowledged()) {
      return release(tenancy, rest, since);
    }
    if (wanted) {
      bePatient(tenancy);
    }
    return settling(tenancy, rest, since);
  }

  private Behavior<Command> onAcknowledged(
      Tenancy tenancy, Durations rest, long since, ToWorker order) {
    onLastOrder(tenancy, order);
    return tenancy.stay().allAcknowledged() ? release(tenancy, rest, since) : Behaviors.same();
  }

  private Behavior<Command> bePatient(Tenancy tenancy) {
    timers.startSingleTimer(Impatient.class, new Impatient(tenancy.grant()), setting.patience());
    return Behaviors.same();
  }

  private Behavior<Command> onImpatient(Tenancy tenancy) {
    context
        .getLog()
        .info(
            "worker [{}] drops [{}] results of run [{}]: not acknowledged within [{}]",
            slot,
            tenancy.stay().unacknowledged().size(),
            tenancy.stay().run(),
            setting.patience());
    return freed(tenancy);
  }

  private Behavior<Command> release(Tenancy tenancy, Durations rest, long since) {
    Durations idle = new Durations(0, computer.now() - since, 0, 0, 0, 0, 0, 0);
    ToCoordinator.Released released =
        new ToCoordinator.Released(
            tenancy.stay().run(), setting.node(), slot, tenancy.grant(), rest.plus(idle));
    tenancy.tell(released);
    farewell = new Farewell(released, tenancy.coordinator());
    return freed(tenancy);
  }

  private Behavior<Command> clear(Tenancy tenancy) {
    computer.end(tenancy.stint());
    return cancel(tenancy);
  }

  private Behavior<Command> cancel(Tenancy tenancy) {
    computer.cancel(tenancy.stint());
    timers.cancelAll();
    timers.startSingleTimer(StillBusy.class, new StillBusy(tenancy.grant()), STUBBORN);
    return clearing(tenancy);
  }

  /** The thread may be in an item that does not listen: the slot is not lost for that. */
  private Behavior<Command> onStillBusy(Tenancy tenancy) {
    if (!computer.giveUp(tenancy.stint())) {
      return Behaviors.same(); // it is about to say that it is quiet
    }
    abandoned(tenancy, "an item did not stop when it was cancelled");
    return freed(tenancy);
  }

  private Behavior<Command> onLook(Tenancy tenancy) {
    Computer.Look look = computer.look(tenancy.stint());
    look.givenUp().ifPresent(items -> onGivenUp(tenancy, items));
    lookIn(tenancy, look.again());
    return Behaviors.same();
  }

  private void lookIn(Tenancy tenancy, long nanos) {
    LookAgain look = new LookAgain(tenancy.grant());
    timers.startSingleTimer(LookAgain.class, look, Duration.ofNanos(nanos));
  }

  private void onGivenUp(Tenancy tenancy, Interval items) {
    Numbers numbers = tenancy.stint().numbers();
    String what =
        (items.size() == 1
                ? "item " + numbers.at(items.from())
                : "one of the items "
                    + numbers.at(items.from())
                    + " to "
                    + numbers.at(items.to() - 1))
            + " did not stop when its time was up";
    tenancy.tell(new ToCoordinator.Abandoned(tenancy.stay().run(), setting.node(), slot, what));
    abandoned(tenancy, what);
  }

  private void abandoned(Tenancy tenancy, String what) {
    context
        .getLog()
        .warn("worker [{}] abandoned a thread of run [{}]: {}", slot, tenancy.stay().run(), what);
    agent.tell(new Abandoned(slot));
  }

  private Behavior<Command> freed(Tenancy tenancy) {
    timers.cancelAll();
    agent.tell(new Freed(slot, tenancy.grant()));
    return free();
  }

  private Behavior<Command> report(@Nullable RunKey run, List<Long> attempts) {
    agent.tell(new Holding(slot, run, attempts));
    return Behaviors.same();
  }

  private Behavior<Command> onBroken(Broken broken) {
    context.getLog().error("worker [{}] lost its thread", slot, broken.cause());
    agent.tell(new Lost(slot, broken.cause().toString()));
    timers.cancelAll();
    return broken();
  }

  private Behavior<Command> onStop() {
    computer.leave();
    return Behaviors.same();
  }
}
