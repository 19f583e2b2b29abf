package io.divvy.node.agent;

import io.divvy.config.LeaseSettings;
import io.divvy.config.ResultSettings;
import io.divvy.config.SlotSettings;
import io.divvy.job.JobKind;
import io.divvy.node.worker.Worker;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToCoordinator;
import io.divvy.protocol.ToScout;
import io.divvy.protocol.ToTransfers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The one actor that owns the slots of a node: offers them to the runs that want them, and drops
 * runs whose command is gone.
 *
 * <p>Commands reach it through a {@link #door}, which takes the messages of the wire and nothing
 * else; what this JVM tells it are {@link Command}s.
 */
public final class Agent {

  /** What the agent hears from its own JVM. */
  public sealed interface Command extends NoSerializationVerificationNeeded {}

  /** The other nodes known by now, as HOST:PORT. */
  public record PeersChanged(List<String> addresses) implements Command {
    public PeersChanged {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Where this node takes URLs to fetch; whoever says hello is told.
   *
   * @param downloads who is asked for downloads, and told to cancel one
   */
  public record TransfersAt(ActorRef<ToTransfers> transfers, Downloads downloads)
      implements Command {}

  /** The downloads of this node, which the agent does not know itself. */
  public interface Downloads {

    /** Answers the question which runs are under way, whose answer so far is this. */
    void answer(ToScout.UnderWay computing, ActorRef<ToScout> replyTo);

    /** Somebody wants this run to end; it may be none of theirs. */
    void cancel(ToAgent.Cancel cancel);

    /** For a node that fetches nothing. */
    static Downloads none() {
      return new Downloads() {
        @Override
        public void answer(ToScout.UnderWay computing, ActorRef<ToScout> replyTo) {
          replyTo.tell(computing);
        }

        @Override
        public void cancel(ToAgent.Cancel cancel) {}
      };
    }
  }

  /** The liveness connection of this run's command was closed: a first sign of its death. */
  public record LivenessClosed(RunKey run) implements Command {}

  /** There is a liveness connection of this run's command (again). */
  public record LivenessOpened(RunKey run) implements Command {}

  /**
   * Give back all slots and offer none any more; answered when that is done, or after {@code
   * within}.
   */
  public record Drain(Duration within, ActorRef<Drained> replyTo) implements Command {}

  /**
   * The answer to {@link Drain}.
   *
   * @param complete whether all results and all unstarted work are with their coordinators
   */
  public record Drained(boolean complete) implements NoSerializationVerificationNeeded {}

  /** Do this when a thread was given up that does not stop: it takes a core until this JVM ends. */
  public record WhenAbandoned(Runnable then) implements Command {}

  /** Do this once a coordinator has counted a result of this node. */
  public record WhenCounted(Runnable then) implements Command {}

  private enum Counted implements Command {
    INSTANCE
  }

  private record Heard(ToAgent message) implements Command {}

  private record Told(Worker.News news) implements Command {}

  private enum Renew implements Command {
    INSTANCE
  }

  private enum Weigh implements Command {
    INSTANCE
  }

  private record Orphaned(RunKey run) implements Command {}

  private record Silent(RunKey run) implements Command {}

  private enum DrainedTooLong implements Command {
    INSTANCE
  }

  /**
   * What an agent needs of the rest of its JVM.
   *
   * @param kinds the kind of a job with its parameters; throws {@link IllegalArgumentException},
   *     with one line that says why, when there is none
   * @param memory the memory of this process in bytes, or -1
   * @param nanoTime a monotonic clock
   */
  public record Machine(
      Function<JobSpec, JobKind> kinds, LongSupplier memory, LongSupplier nanoTime) {}

  /** The settings an agent uses. */
  public record Settings(LeaseSettings lease, SlotSettings slots, ResultSettings results) {}

  /** An agent with as many workers as {@code info} names. */
  public static Behavior<Command> create(NodeInfo info, Settings settings, Machine machine) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Agent(context, timers, info, settings, machine).serving()));
  }

  /** Where commands reach the agent; to be spawned as {@code /user/agent}. */
  public static Behavior<ToAgent> door(ActorRef<Command> agent) {
    return Behaviors.receiveMessage(
        message -> {
          agent.tell(new Heard(message));
          return Behaviors.same();
        });
  }

  private enum Use {
    FREE,
    GRANTED,
    YIELDING,
    REVOKED,
    LOST
  }

  private static final class Slot {
    private final int number;
    private final ActorRef<Worker.Command> worker;
    private Use use = Use.FREE;
    private long grant;
    private @Nullable Run run;

    Slot(int number, ActorRef<Worker.Command> worker) {
      this.number = number;
      this.worker = worker;
    }
  }

  private static final class Run {
    private final RunKey key;
    private final JobSpec job;
    private final JobKind kind;
    private final long itemNanos;
    private final ActorRef<ToCoordinator> coordinator;

    // Told once all its slots are back, and only once.
    private boolean departed;

    Run(ToAgent.Register register, JobKind kind) {
      this.key = register.run();
      this.job = register.job();
      this.kind = kind;
      this.itemNanos = register.itemNanos();
      this.coordinator = register.coordinator();
    }
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final NodeInfo info;
  private final Settings settings;
  private final Machine machine;
  private final ActorRef<ToAgent> door;
  private final List<Slot> slots = new ArrayList<>();
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final FairShare share;

  private final Set<ActorRef<ToScout>> scouts = new LinkedHashSet<>();
  private List<String> peers = List.of();
  private @Nullable ActorRef<ToTransfers> transfers;
  private Downloads downloads = Downloads.none();
  private Runnable whenAbandoned = () -> {};
  private Runnable whenCounted = () -> {};

  // The attempts the workers reported since they were last asked.
  private final Map<Integer, Worker.Holding> holdings = new LinkedHashMap<>();

  // A grant of an earlier life of this node never has the number of one of this life.
  private long latestGrant = System.currentTimeMillis() << 16;

  private Agent(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NodeInfo info,
      Settings settings,
      Machine machine) {
    this.context = context;
    this.timers = timers;
    this.info = info;
    this.settings = settings;
    this.machine = machine;
    this.door = context.messageAdapter(ToAgent.class, Heard::new);
    this.share = new FairShare(settings.slots().quantum().toNanos(), now());
    ActorRef<Worker.News> news = context.messageAdapter(Worker.News.class, Told::new);
    Worker.Setting setting =
        new Worker.Setting(
            info.name(),
            settings.results(),
            settings.slots().offerTimeout(),
            settings.lease().duration(),
            machine.nanoTime(),
            () -> context.getSelf().tell(Counted.INSTANCE));
    for (int number = 1; number <= info.slots(); number++) {
      Behavior<Worker.Command> worker = Worker.create(number, setting, news);
      slots.add(new Slot(number, context.spawn(worker, "worker-" + number)));
    }
  }

  private Behavior<Command> serving() {
    return table()
        .onMessage(Heard.class, heard -> onHeard(heard.message()))
        .onMessage(Told.class, told -> onTold(told.news()))
        .onMessageEquals(Weigh.INSTANCE, this::onWeigh)
        .onMessage(Drain.class, this::onDrain)
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  /** The node leaves: it gives back what it holds. */
  private Behavior<Command> draining(List<ActorRef<Drained>> askers) {
    if (slots.stream().noneMatch(Agent::isHeld)) {
      context.getLog().info("all slots are given back");
      return drained(askers, true);
    }
    return table()
        .onMessage(Heard.class, heard -> onHeardWhileLeaving(heard.message()))
        .onMessage(Told.class, told -> onToldWhileDraining(askers, told.news()))
        .onMessage(Drain.class, drain -> draining(and(askers, drain.replyTo())))
        .onMessageEquals(DrainedTooLong.INSTANCE, () -> onDrainedTooLong(askers))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  /** Nothing is left to give back; only those who ask late are answered. */
  private Behavior<Command> left(boolean complete) {
    return table()
        .onMessage(Heard.class, heard -> onHeardWhileLeaving(heard.message()))
        .onMessage(Told.class, told -> onToldAfterLeaving(told.news()))
        .onMessage(
            Drain.class,
            drain -> {
              drain.replyTo().tell(new Drained(complete));
              return Behaviors.same();
            })
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  private BehaviorBuilder<Command> table() {
    return Behaviors.receive(Command.class)
        .onMessage(PeersChanged.class, this::onPeersChanged)
        .onMessage(TransfersAt.class, this::onTransfersAt)
        .onMessage(WhenAbandoned.class, this::onWhenAbandoned)
        .onMessage(WhenCounted.class, this::onWhenCounted)
        .onMessageEquals(Counted.INSTANCE, this::onCounted)
        .onMessage(LivenessClosed.class, this::onLivenessClosed)
        .onMessage(LivenessOpened.class, this::onLivenessOpened)
        .onMessage(Orphaned.class, orphaned -> onOrphaned(orphaned.run()))
        .onMessage(Silent.class, silent -> onSilent(silent.run()))
        .onMessageEquals(Renew.INSTANCE, this::onRenew);
  }

  // What commands say.

  private Behavior<Command> onHeard(ToAgent message) {
    if (message instanceof ToAgent.Register register) {
      onRegister(register);
    } else if (message instanceof ToAgent.Want want) {
      heardOf(want.run()).ifPresent(run -> share.want(run.key, want.slots(), now()));
    } else if (message instanceof ToAgent.Decline decline) {
      heardOf(decline.run()).ifPresent(run -> onDecline(run, decline));
    } else {
      onHeardInAnyMood(message);
    }
    handOut();
    return Behaviors.same();
  }

  private Behavior<Command> onHeardWhileLeaving(ToAgent message) {
    if (message instanceof ToAgent.Register register) {
      if (find(register.run()).isPresent()) {
        register.coordinator().tell(new ToCoordinator.Departing(register.run(), info.name()));
      } else {
        refuse(register, "leaving");
      }
    } else {
      onHeardInAnyMood(message);
    }
    return Behaviors.same();
  }

  private void onHeardInAnyMood(ToAgent message) {
    if (message instanceof ToAgent.Hello hello) {
      scouts.add(hello.replyTo());
      hello.replyTo().tell(new ToScout.Here(info, door, transfers, peers));
    } else if (message instanceof ToAgent.Goodbye goodbye) {
      scouts.remove(goodbye.replyTo());
    } else if (message instanceof ToAgent.KeepAlive alive) {
      heardOf(alive.run());
    } else if (message instanceof ToAgent.AskRuns ask) {
      downloads.answer(underWay(ask.beginning()), ask.replyTo());
    } else if (message instanceof ToAgent.Cancel cancel) {
      find(cancel.run())
          .ifPresentOrElse(run -> tellCancelled(run, cancel.by()), () -> downloads.cancel(cancel));
    } else if (message instanceof ToAgent.Unregister unregister) {
      find(unregister.run())
          .ifPresent(
              run -> {
                context.getLog().info("run [{}] is over", run.key);
                drop(run);
              });
    }
  }

  private ToScout.UnderWay underWay(String beginning) {
    return new ToScout.UnderWay(beginning, info.address(), peers, List.of(), 0)
        .with(
            runs.values().stream()
                .filter(run -> run.key.run().startsWith(beginning))
                .map(this::words)
                .toList());
  }

  private ToScout.Run words(Run run) {
    String what = run.job.kind() + " " + run.job.numbers().words();
    Address command = run.coordinator.path().address();
    String from = command.getHost().orElse("") + ":" + command.getPort().orElse(0);
    return new ToScout.Run(run.key, what, command.hasGlobalScope() ? from : info.address());
  }

  private void tellCancelled(Run run, String by) {
    context.getLog().info("[{}] asks to end run [{}]", by, run.key);
    run.coordinator.tell(new ToCoordinator.Cancelled(run.key, info.name(), by));
  }

  private void onRegister(ToAgent.Register register) {
    RunKey key = register.run();
    Run known = runs.get(key.run());
    if (known != null && known.key.epoch() > key.epoch()) {
      refuse(register, "the run was resumed since: epoch " + known.key.epoch());
      return;
    }
    if (known == null || known.key.epoch() < key.epoch()) {
      JobKind kind;
      try {
        kind = kind(register.job());
      } catch (IllegalArgumentException e) {
        refuse(register, String.valueOf(e.getMessage()));
        return;
      }
      if (known != null) {
        context.getLog().info("run [{}] was resumed: its epoch is now [{}]", key, key.epoch());
        drop(known);
      }
      if (runs.isEmpty()) {
        timers.startTimerWithFixedDelay(Renew.INSTANCE, settings.lease().renewInterval());
      }
      runs.put(key.run(), new Run(register, kind));
      share.want(key, 0, now());
      context
          .getLog()
          .info(
              "working for run [{}]: {} over {} items, from [{}]",
              key,
              register.job().kind(),
              register.job().count(),
              register.coordinator().path().address());
    }
    heardOf(key);
    long memory = machine.memory().getAsLong();
    register.coordinator().tell(new ToCoordinator.Registered(key, info.name(), memory));
  }

  private JobKind kind(JobSpec job) {
    String here = info.kinds().get(job.kind());
    if (here == null) {
      throw new IllegalArgumentException(
          "unknown kind '"
              + job.kind()
              + "'; known: "
              + String.join(", ", new TreeSet<>(info.kinds().keySet())));
    }
    if (!here.equals(job.fingerprint())) {
      throw new IllegalArgumentException(
          "kind '"
              + job.kind()
              + "' differs: the command has "
              + job.fingerprint()
              + ", this node "
              + here
              + "; start both from the same build");
    }
    return machine.kinds().apply(job);
  }

  private void refuse(ToAgent.Register register, String why) {
    context.getLog().info("refused run [{}]: {}", register.run(), why);
    register.coordinator().tell(new ToCoordinator.Refused(register.run(), info.name(), why));
  }

  private void onDecline(Run run, ToAgent.Decline decline) {
    share.want(run.key, 0, now());
    slots.stream()
        .filter(slot -> slot.run == run && slot.grant == decline.grant())
        .forEach(slot -> slot.worker.tell(new Worker.Withdraw(slot.grant)));
  }

  // Sharing.

  /** Offers what is free, and asks for what others hold too long. */
  private void handOut() {
    Optional<Slot> free = free();
    Optional<RunKey> next = share.next(now());
    while (free.isPresent() && next.isPresent()) {
      offer(free.get(), run(next.get()));
      free = free();
      next = share.next(now());
    }
    Optional<RunKey> giver = share.giver(now());
    while (giver.isPresent() && free.isEmpty()) {
      takeBack(run(giver.get()));
      giver = share.giver(now());
    }
    if (share.isContended() && free.isEmpty() && !timers.isTimerActive(Weigh.INSTANCE)) {
      // Who is ahead of whom changes with time alone.
      timers.startSingleTimer(Weigh.INSTANCE, settings.slots().quantum().dividedBy(4));
    }
  }

  private Behavior<Command> onWeigh() {
    handOut();
    return Behaviors.same();
  }

  private void offer(Slot slot, Run run) {
    slot.use = Use.GRANTED;
    slot.run = run;
    slot.grant = ++latestGrant;
    share.took(run.key, now());
    slot.worker.tell(
        new Worker.Grant(run.key, slot.grant, run.kind, run.job, run.itemNanos, run.coordinator));
  }

  /** The slot it got last: others may have run warm. */
  private void takeBack(Run run) {
    takeBack(
        slots.stream()
            .filter(slot -> slot.run == run && slot.use == Use.GRANTED)
            .max(Comparator.comparingLong(slot -> slot.grant))
            .orElseThrow(() -> new IllegalStateException(run.key + " has no slot to give up")));
  }

  private void takeBack(Slot slot) {
    Run run = slot.run;
    if (run != null && slot.use == Use.GRANTED) {
      slot.use = Use.YIELDING;
      share.yielding(run.key, now());
      slot.worker.tell(new Worker.Yield(slot.grant));
    }
  }

  private void drop(Run run) {
    runs.remove(run.key.run());
    if (runs.isEmpty()) {
      timers.cancel(Renew.INSTANCE);
    }
    share.forget(run.key, now());
    timers.cancel(new Orphaned(run.key));
    timers.cancel(new Silent(run.key));
    slots.stream().filter(slot -> slot.run == run).forEach(Agent::revoke);
  }

  private static void revoke(Slot slot) {
    slot.use = Use.REVOKED;
    slot.run = null;
    slot.worker.tell(new Worker.Revoke(slot.grant));
  }

  // What workers say.

  private Behavior<Command> onTold(Worker.News news) {
    take(news);
    handOut();
    return Behaviors.same();
  }

  private void take(Worker.News news) {
    Slot slot = slots.get(news.slot() - 1);
    if (news instanceof Worker.Freed freed && freed.grant() == slot.grant) {
      giveUp(slot);
      slot.use = Use.FREE;
    } else if (news instanceof Worker.Lost lost) {
      context
          .getLog()
          .error("slot [{}] is lost until this node is restarted: {}", lost.slot(), lost.why());
      giveUp(slot);
      slot.use = Use.LOST;
    } else if (news instanceof Worker.Abandoned) {
      whenAbandoned.run();
    } else if (news instanceof Worker.Holding holding) {
      holdings.put(holding.slot(), holding);
      if (holdings.size() == slots.size()) {
        renewLeases();
      }
    }
  }

  private void giveUp(Slot slot) {
    if (slot.run != null) {
      share.gave(slot.run.key, slot.use == Use.YIELDING, now());
      slot.run = null;
    }
  }

  // Leases.

  private Behavior<Command> onRenew() {
    holdings.clear();
    slots.forEach(slot -> slot.worker.tell(Worker.Report.INSTANCE));
    return Behaviors.same();
  }

  private void renewLeases() {
    long memory = machine.memory().getAsLong();
    for (Run run : runs.values()) {
      List<Long> attempts =
          holdings.values().stream()
              .filter(holding -> run.key.equals(holding.run()))
              .flatMap(holding -> holding.attempts().stream())
              .toList();
      run.coordinator.tell(new ToCoordinator.Alive(run.key, info.name(), attempts, memory));
    }
  }

  private Optional<Run> heardOf(RunKey key) {
    Optional<Run> run = find(key);
    run.ifPresent(
        known -> {
          Silent silent = new Silent(key);
          timers.startSingleTimer(silent, silent, settings.lease().silence());
        });
    return run;
  }

  private Behavior<Command> onLivenessClosed(LivenessClosed closed) {
    if (find(closed.run()).isPresent()) {
      Orphaned orphaned = new Orphaned(closed.run());
      timers.startSingleTimer(orphaned, orphaned, settings.lease().orphaned());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onLivenessOpened(LivenessOpened opened) {
    timers.cancel(new Orphaned(opened.run()));
    return Behaviors.same();
  }

  private Behavior<Command> onOrphaned(RunKey run) {
    find(run).ifPresent(gone -> onGone(gone, "its liveness connection is closed"));
    return Behaviors.same();
  }

  private Behavior<Command> onSilent(RunKey run) {
    find(run)
        .ifPresent(
            gone ->
                onGone(
                    gone,
                    "nothing was heard of it for "
                        + settings.lease().silence().toSeconds()
                        + " s"));
    return Behaviors.same();
  }

  private void onGone(Run run, String evidence) {
    context.getLog().info("dropped run [{}]: {}", run.key, evidence);
    // The scouts of a dead command would be written to for ever.
    scouts.removeIf(
        scout ->
            scout.path().address().equals(run.coordinator.path().address())
                && scout.path().address().hasGlobalScope());
    drop(run);
  }

  private Behavior<Command> onWhenAbandoned(WhenAbandoned when) {
    whenAbandoned = when.then();
    return Behaviors.same();
  }

  private Behavior<Command> onWhenCounted(WhenCounted when) {
    whenCounted = when.then();
    return Behaviors.same();
  }

  private Behavior<Command> onCounted() {
    whenCounted.run();
    return Behaviors.same();
  }

  // Peers.

  private Behavior<Command> onTransfersAt(TransfersAt at) {
    transfers = at.transfers();
    downloads = at.downloads();
    return Behaviors.same();
  }

  private Behavior<Command> onPeersChanged(PeersChanged changed) {
    peers = changed.addresses();
    scouts.forEach(scout -> scout.tell(new ToScout.Here(info, door, transfers, peers)));
    return Behaviors.same();
  }

  // Leaving.

  private Behavior<Command> onDrain(Drain drain) {
    context
        .getLog()
        .info("leaving: giving back [{}] slots", slots.stream().filter(Agent::isHeld).count());
    for (Run run : runs.values()) {
      run.coordinator.tell(new ToCoordinator.Departing(run.key, info.name()));
    }
    slots.forEach(this::takeBack);
    tellDeparted();
    timers.startSingleTimer(DrainedTooLong.INSTANCE, drain.within());
    return draining(List.of(drain.replyTo()));
  }

  private Behavior<Command> onToldWhileDraining(List<ActorRef<Drained>> askers, Worker.News news) {
    take(news);
    tellDeparted();
    return draining(askers);
  }

  private Behavior<Command> onToldAfterLeaving(Worker.News news) {
    take(news);
    return Behaviors.same();
  }

  private void tellDeparted() {
    for (Run run : runs.values()) {
      if (!run.departed && slots.stream().noneMatch(slot -> slot.run == run)) {
        run.departed = true;
        run.coordinator.tell(new ToCoordinator.Departed(run.key, info.name()));
      }
    }
  }

  private Behavior<Command> onDrainedTooLong(List<ActorRef<Drained>> askers) {
    context
        .getLog()
        .warn(
            "leaving without the work of slots {}",
            slots.stream().filter(Agent::isHeld).map(slot -> slot.number).toList());
    slots.stream().filter(slot -> slot.run != null).forEach(Agent::revoke);
    return drained(askers, false);
  }

  private Behavior<Command> drained(List<ActorRef<Drained>> askers, boolean complete) {
    timers.cancel(DrainedTooLong.INSTANCE);
    askers.forEach(asker -> asker.tell(new Drained(complete)));
    return left(complete);
  }

  private static List<ActorRef<Drained>> and(
      List<ActorRef<Drained>> askers, ActorRef<Drained> more) {
    List<ActorRef<Drained>> all = new ArrayList<>(askers);
    all.add(more);
    return List.copyOf(all);
  }

  private static boolean isHeld(Slot slot) {
    return slot.use == Use.GRANTED || slot.use == Use.YIELDING;
  }

  private Optional<Slot> free() {
    return slots.stream().filter(slot -> slot.use == Use.FREE).findFirst();
  }

  private Optional<Run> find(RunKey key) {
    return Optional.ofNullable(runs.get(key.run())).filter(run -> run.key.equals(key));
  }

  private Run run(RunKey key) {
    return find(key).orElseThrow(() -> new IllegalStateException("no run " + key));
  }

  private long now() {
    return machine.nanoTime().getAsLong();
  }
}
