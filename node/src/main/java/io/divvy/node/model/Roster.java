package io.divvy.node.model;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
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

  /** The process of this node has ended. */
  record Exited(String node, String how) implements Command {}

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

  private enum Tick implements Command {
    INSTANCE
  }

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration TICK = Duration.ofMillis(100);

  /** After this many ticks without an answer an address is asked less often. */
  private static final int EAGER_TICKS = 100;

  /** How often an address that answered, or long did not, is asked again, in ticks. */
  private static final int CALM_TICKS = 50;

  private final ActorContext<Command> context;
  private final Liveness liveness;
  private final ActorRef<ToScout> inbox;
  private final Map<String, Sought> sought = new LinkedHashMap<>();
  private final Map<String, Known> known = new LinkedHashMap<>();
  private final List<Await> awaiting = new ArrayList<>();
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
    this.liveness = liveness;
    this.inbox = context.messageAdapter(ToScout.class, Heard::new);
    timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
  }

  /** An address, and whether somebody answered there. */
  private static final class Sought {
    private final ActorRef<ToAgent> agent;
    private boolean answered;
    private int ticks;

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
        .onMessage(Exited.class, this::onExited)
        .onMessage(Await.class, this::onAwait)
        .onMessage(Begin.class, this::onBegin)
        .onMessage(Heard.class, this::onHeard)
        .onMessage(RunEnded.class, this::onRunEnded)
        .onMessage(LineOpened.class, this::onLineOpened)
        .onMessage(LineClosed.class, this::onLineClosed)
        .onMessageEquals(Interrupt.INSTANCE, this::onInterrupt)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .build();
  }

  // ---- nodes

  private Behavior<Command> onSeek(Seek seek) {
    seek(seek.address());
    return Behaviors.same();
  }

  private void seek(String address) {
    if (!sought.containsKey(address)) {
      ActorRef<ToAgent> agent =
          ActorRefResolver.get(context.getSystem())
              .resolveActorRef("pekko://divvy@" + address + "/user/agent");
      sought.put(address, new Sought(agent));
      agent.tell(new ToAgent.Hello(inbox));
    }
  }

  private Behavior<Command> onTick() {
    for (Sought each : sought.values()) {
      each.ticks++;
      if ((!each.answered && each.ticks < EAGER_TICKS) || each.ticks % CALM_TICKS == 0) {
        each.agent.tell(new ToAgent.Hello(inbox));
      }
    }
    return Behaviors.same();
  }

  private Behavior<Command> onHost(Host host) {
    NodeActors.Started started = host.actors().start(context, host.node());
    meet(host.node(), started.door(), started.downloads());
    return Behaviors.same();
  }

  private Behavior<Command> onHeard(Heard heard) {
    if (heard.message() instanceof ToScout.Here here) {
      Sought found = sought.get(here.node().address());
      if (found != null) {
        found.answered = true;
      }
      here.peers().forEach(this::seek);
      meet(here.node(), here.agent(), here.transfers());
    }
    return Behaviors.same();
  }

  private void meet(
      NodeInfo node, ActorRef<ToAgent> agent, @Nullable ActorRef<ToTransfers> transfers) {
    for (Known other : List.copyOf(known.values())) {
      if (other.info().address().equals(node.address()) && other.info().pid() != node.pid()) {
        gone(other.info().name(), "another process took its address", true);
      }
    }
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

  private Behavior<Command> onExited(Exited exited) {
    gone(exited.node(), exited.how(), true);
    return Behaviors.same();
  }

  private void gone(String node, String why, boolean exited) {
    Known lost = exited ? known.remove(node) : known.get(node);
    if (lost != null && exited) {
      Sought place = sought.get(lost.info().address());
      if (place != null) {
        place.answered = false;
      }
    }
    if (run != null && lost != null) {
      run.lead().lost().tell(node, why, exited);
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
    known.values().forEach(this::introduce);
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
    if (link != null) {
      if (run != null && ours) {
        run.links().put(opened.node().name(), link);
      } else {
        link.close();
      }
    } else if (ours && cause(opened.failure()) instanceof ConnectException) {
      // Nobody listens where this node listened all its life.
      gone(opened.node().name(), "its process ended", true);
    }
    return Behaviors.same();
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** The other end is gone; whether for good shows when its port is asked once more. */
  private Behavior<Command> onLineClosed(LineClosed closed) {
    if (run != null && run.key().equals(closed.run())) {
      run.links().remove(closed.node().name());
      gone(closed.node().name(), "its liveness connection broke", false);
      openLine(run, closed.node());
    }
    return Behaviors.same();
  }
}
