package io.divvy.node.model;

import io.divvy.coordinator.NodeEnd;
import io.divvy.node.member.Liveness;
import io.divvy.node.member.NodeActors;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToScout;
import io.divvy.protocol.ToTransfers;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The nodes a command knows, and the run it has under way. It seeks nodes at addresses, learns of
 * further ones from those that answer, keeps a liveness connection to each while a run lasts, and
 * tells the run's coordinator who came and who is gone.
 */
final class Roster {

  sealed interface Command {}

  /** Seek the node at this address (HOST:PORT), and whomever it knows. */
  record Seek(String address) implements Command {}

  /** Start the actors of a node in this JVM; it is a node like any other. */
  record Host(NodeInfo node, NodeActors actors) implements Command {}

  /** A process that this command started is a node; seek it. */
  record Born(String node, long pid, String address) implements Command {}

  /**
   * The process of a node that this command started has ended.
   *
   * @param restarting whether a successor of the same name is being started
   */
  record Exited(String node, long pid, String how, NodeEnd end, boolean restarting)
      implements Command {}

  /** A node that this command started is not started again. */
  record GivenUp(String node, String why) implements Command {}

  /**
   * Tell when nodes are known.
   *
   * @param all completed once all that are sought have answered
   * @param one completed once one has
   */
  record Await(CompletableFuture<List<NodeInfo>> all, CompletableFuture<List<NodeInfo>> one)
      implements Command {}

  /** Begin a run; {@code ended} is completed when its coordinator has stopped. */
  record Begin(RunKey run, Lead.Start coordinator, CompletableFuture<Void> ended)
      implements Command {}

  /** End the run under way soon. */
  enum Interrupt implements Command {
    INSTANCE
  }

  private record Heard(ToScout message) implements Command {}

  private record RunEnded(RunKey run) implements Command {}

  private record LineOpened(
      RunKey run, NodeInfo node, Liveness.@Nullable Link link, @Nullable Throwable failure)
      implements Command {}

  private record LineClosed(RunKey run, NodeInfo node) implements Command {}

  /** The line to the node did not open, or not properly: it is tried again. */
  private record LineFailed(RunKey run, NodeInfo node) implements Command {}

  /** Nothing more was heard since the line to the node closed. */
  private record LineStaysClosed(RunKey run, NodeInfo node) implements Command {}

  /** Who has not answered is asked once more. */
  private enum AskEagerly implements Command {
    INSTANCE
  }

  /** Everybody is asked once more: who answered may be another by now. */
  private enum AskAll implements Command {
    INSTANCE
  }

  private static final long NOBODY = -1;
  private static final String BROKEN = "its liveness connection broke";
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /**
   * A connection that breaks is often the end of its process. How it ended says more, and who is to
   * blame: that comes within a moment, or not at all.
   */
  private static final Duration MOMENT = Duration.ofMillis(200);

  /** How soon a line that did not open is tried again. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** How soon an address that has not answered is asked again. */
  private static final Duration EAGER = Duration.ofMillis(100);

  /** An address that was asked this often without an answer is asked less often. */
  private static final int EAGER_TIMES = 100;

  /** How soon one that answered, or long did not, is asked again. */
  private static final Duration CALM = Duration.ofSeconds(5);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Liveness liveness;
  private final ActorRef<ToScout> inbox;
  private final Map<String, Sought> sought = new LinkedHashMap<>();
  private final Map<String, Known> known = new LinkedHashMap<>();
  private final List<Await> awaiting = new ArrayList<>();

  /** The process of each node that this command started, or {@link #NOBODY} when it has ended. */
  private final Map<String, Long> children = new LinkedHashMap<>();

  private final Set<String> restarting = new LinkedHashSet<>();
  private final List<Exited> stillborn = new ArrayList<>();
  private final Map<String, String> givenUp = new LinkedHashMap<>();
  private @Nullable Run run;

  /**
   * The roster of one command.
   *
   * @param liveness opens the liveness connections
   */
  static Behavior<Command> create(Liveness liveness) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Roster(context, timers, liveness).keeping()));
  }

  private Roster(ActorContext<Command> context, TimerScheduler<Command> timers, Liveness liveness) {
    this.context = context;
    this.timers = timers;
    this.liveness = liveness;
    this.inbox = context.messageAdapter(ToScout.class, Heard::new);
    timers.startTimerWithFixedDelay(AskAll.INSTANCE, CALM);
  }

  /** An address, and whether somebody answered there. */
  private static final class Sought {
    private final ActorRef<ToAgent> agent;
    private boolean answered;
    private int asked;

    Sought(ActorRef<ToAgent> agent) {
      this.agent = agent;
    }
  }

  private record Known(
      NodeInfo info, ActorRef<ToAgent> agent, @Nullable ActorRef<ToTransfers> transfers) {}

  private record Run(
      RunKey key, Lead lead, Map<String, Liveness.Link> links, CompletableFuture<Void> ended) {}

  private Behavior<Command> keeping() {
    return Behaviors.receive(Command.class)
        .onMessage(Seek.class, this::onSeek)
        .onMessage(Host.class, this::onHost)
        .onMessage(Born.class, this::onBorn)
        .onMessage(Exited.class, this::onExited)
        .onMessage(GivenUp.class, this::onGivenUp)
        .onMessage(Await.class, this::onAwait)
        .onMessage(Begin.class, this::onBegin)
        .onMessage(Heard.class, this::onHeard)
        .onMessage(RunEnded.class, this::onRunEnded)
        .onMessage(LineOpened.class, this::onLineOpened)
        .onMessage(LineClosed.class, this::onLineClosed)
        .onMessage(LineFailed.class, this::onLineFailed)
        .onMessage(LineStaysClosed.class, this::onLineStaysClosed)
        .onMessageEquals(Interrupt.INSTANCE, this::onInterrupt)
        .onMessageEquals(AskEagerly.INSTANCE, this::onAskEagerly)
        .onMessageEquals(AskAll.INSTANCE, this::onAskAll)
        .build();
  }

  // ---- nodes

  private Behavior<Command> onSeek(Seek seek) {
    seek(seek.address());
    return Behaviors.same();
  }

  private void seek(String address) {
    if (!sought.containsKey(address)) {
      Sought place = new Sought(Doors.agent(context.getSystem(), address));
      sought.put(address, place);
      ask(place);
      timers.startSingleTimer(AskEagerly.INSTANCE, EAGER);
    }
  }

  private void ask(Sought place) {
    place.asked++;
    place.agent.tell(new ToAgent.Hello(inbox));
  }

  private Behavior<Command> onAskEagerly() {
    List<Sought> silent =
        sought.values().stream()
            .filter(each -> !each.answered && each.asked < EAGER_TIMES)
            .toList();
    silent.forEach(this::ask);
    if (!silent.isEmpty()) {
      timers.startSingleTimer(AskEagerly.INSTANCE, EAGER);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onAskAll() {
    sought.values().forEach(this::ask);
    return Behaviors.same();
  }

  private Behavior<Command> onHost(Host host) {
    NodeActors.Started started = host.actors().start(context, host.node());
    meet(host.node(), started.door(), started.downloads());
    return Behaviors.same();
  }

  private Behavior<Command> onHeard(Heard heard) {
    if (heard.message() instanceof ToScout.Here here && !isStale(here.node())) {
      Sought found = sought.get(here.node().address());
      if (found != null) {
        found.answered = true;
      }
      here.peers().forEach(this::seek);
      meet(here.node(), here.agent(), here.transfers());
    }
    return Behaviors.same();
  }

  /** A late word of a process that has ended. */
  private boolean isStale(NodeInfo node) {
    return children.getOrDefault(node.name(), node.pid()) != node.pid();
  }

  private void meet(
      NodeInfo node, ActorRef<ToAgent> agent, @Nullable ActorRef<ToTransfers> transfers) {
    for (Known other : List.copyOf(known.values())) {
      if (other.info().address().equals(node.address())) {
        if (other.info().pid() != node.pid()) {
          gone(other.info().name(), "another process took its address", NodeEnd.ENDED);
        } else if (!other.agent().equals(agent)) {
          gone(other.info().name(), "it began anew", NodeEnd.ENDED);
        }
      }
    }
    restarting.remove(node.name());
    Known now = new Known(node, agent, transfers);
    if (known.put(node.name(), now) == null) {
      introduce(now);
    }
    settleAwaiting();
  }

  private void introduce(Known node) {
    if (run != null) {
      run.lead().found().tell(node.info(), node.agent(), node.transfers());
      openLine(run, node.info());
    }
  }

  private Behavior<Command> onBorn(Born born) {
    children.put(born.node(), born.pid());
    seek(born.address());
    return Behaviors.same();
  }

  private Behavior<Command> onExited(Exited exited) {
    children.put(exited.node(), NOBODY);
    if (exited.restarting()) {
      restarting.add(exited.node());
      if (run != null) {
        run.lead().restarting().accept(exited.node());
      }
    }
    Known former = known.get(exited.node());
    if (run == null || former == null || former.info().pid() != exited.pid()) {
      stillborn.add(exited);
      tellStillborn();
    }
    gone(exited.node(), exited.how(), exited.end());
    if (former != null) {
      sought.remove(former.info().address());
    }
    return Behaviors.same();
  }

  /** Also those who died before the run began, known or not: it waited for them. */
  private void tellStillborn() {
    if (run != null) {
      Lead.Stillborn told = run.lead().stillborn();
      stillborn.forEach(exited -> told.tell(exited.node(), exited.pid(), exited.how()));
      stillborn.clear();
    }
  }

  private Behavior<Command> onGivenUp(GivenUp message) {
    restarting.remove(message.node());
    givenUp.put(message.node(), message.why());
    if (run != null) {
      run.lead().givenUp().accept(message.node(), message.why());
    }
    return Behaviors.same();
  }

  private void gone(String node, String why, NodeEnd end) {
    boolean exited = end.exited();
    Known lost = exited ? known.remove(node) : known.get(node);
    if (lost != null && exited) {
      Sought place = sought.get(lost.info().address());
      if (place != null) {
        place.answered = false;
      }
    }
    if (run != null && lost != null) {
      run.lead().lost().tell(node, why, end);
    }
  }

  private Behavior<Command> onAwait(Await await) {
    awaiting.add(await);
    settleAwaiting();
    return Behaviors.same();
  }

  private void settleAwaiting() {
    if (known.isEmpty()) {
      return;
    }
    List<NodeInfo> nodes = known.values().stream().map(Known::info).toList();
    awaiting.forEach(each -> each.one().complete(nodes));
    if (sought.values().stream().allMatch(each -> each.answered)) {
      awaiting.forEach(each -> each.all().complete(nodes));
      awaiting.clear();
    }
  }

  // ---- the run

  private Behavior<Command> onBegin(Begin begin) {
    Lead lead = begin.coordinator().in(context, "run-" + begin.run().run());
    context.watchWith(lead.coordinator(), new RunEnded(begin.run()));
    run = new Run(begin.run(), lead, new HashMap<>(), begin.ended());
    restarting.forEach(lead.restarting());
    known.values().forEach(this::introduce);
    tellStillborn();
    givenUp.forEach(lead.givenUp());
    return Behaviors.same();
  }

  private Behavior<Command> onInterrupt() {
    if (run != null) {
      run.lead().interrupt().run();
    }
    return Behaviors.same();
  }

  private Behavior<Command> onRunEnded(RunEnded ended) {
    if (run != null && run.key().equals(ended.run())) {
      run.links().values().forEach(Liveness.Link::close);
      run.ended().complete(null);
      run = null;
    }
    return Behaviors.same();
  }

  private void openLine(Run run, NodeInfo node) {
    if (node.livenessPort() == 0) {
      return;
    }
    ActorRef<Command> self = context.getSelf();
    String address = node.address();
    context.pipeToSelf(
        liveness.connect(
            address.substring(0, address.lastIndexOf(':')),
            node.livenessPort(),
            run.key(),
            CONNECT,
            () -> self.tell(new LineClosed(run.key(), node))),
        (link, failure) -> new LineOpened(run.key(), node, link, failure));
  }

  private Behavior<Command> onLineOpened(LineOpened opened) {
    boolean ours = run != null && run.key().equals(opened.run());
    Liveness.Link link = opened.link();
    NodeInfo node = opened.node();
    if (link != null) {
      if (run != null && ours && isKnown(node)) {
        run.links().put(node.name(), link);
        if (timers.isTimerActive(node)) {
          // It lives, and has dropped the run with the line.
          timers.cancel(node);
          gone(node.name(), BROKEN, NodeEnd.SILENT);
        }
      } else {
        link.close();
      }
    } else if (ours && isKnown(node) && !children.containsKey(node.name())) {
      // Of a child we hear how it ended.
      if (cause(opened.failure()) instanceof ConnectException) {
        // Nobody listens where this node listened all its life.
        timers.cancel(node);
        gone(node.name(), "its process ended", NodeEnd.ENDED);
      } else {
        // It may have ended while it answered, or be too busy to.
        LineFailed failed = new LineFailed(opened.run(), node);
        timers.startSingleTimer(failed, failed, AGAIN);
      }
    }
    return Behaviors.same();
  }

  private Behavior<Command> onLineFailed(LineFailed failed) {
    if (run != null && run.key().equals(failed.run()) && isKnown(failed.node())) {
      openLine(run, failed.node());
    }
    return Behaviors.same();
  }

  private boolean isKnown(NodeInfo node) {
    Known there = known.get(node.name());
    return there != null && there.info().equals(node);
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** The other end is gone; whether for good shows when its port is asked once more. */
  private Behavior<Command> onLineClosed(LineClosed closed) {
    if (run != null && run.key().equals(closed.run()) && isKnown(closed.node())) {
      run.links().remove(closed.node().name());
      timers.startSingleTimer(
          closed.node(), new LineStaysClosed(closed.run(), closed.node()), MOMENT);
      openLine(run, closed.node());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onLineStaysClosed(LineStaysClosed closed) {
    if (run != null && run.key().equals(closed.run()) && isKnown(closed.node())) {
      gone(closed.node().name(), BROKEN, NodeEnd.SILENT);
    }
    return Behaviors.same();
  }
}
