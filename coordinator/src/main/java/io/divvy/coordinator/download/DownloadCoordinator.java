package io.divvy.coordinator.download;

import io.divvy.coordinator.RunOutcome.Death;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.Successors;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.ToDownload;
import io.divvy.protocol.ToTransfers;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Runs one download: reads the list, hands URLs out to nodes, counts what comes back, and has it
 * written down.
 *
 * <p>Who fetches what is decided by {@link Sharing}; this actor carries it out. It answers through
 * the future it was given, and stops.
 */
public final class DownloadCoordinator {

  /** What it is told by its own JVM; nodes speak {@link ToDownload}. */
  public sealed interface Command {}

  /**
   * A node that can be asked to take part.
   *
   * @param transfers null when it says that it fetches nothing
   */
  public record NodeFound(NodeInfo node, @Nullable ActorRef<ToTransfers> transfers)
      implements Command {}

  /**
   * Evidence that a node is gone.
   *
   * @param exited whether its process has ended for sure; otherwise it may wake up
   */
  public record NodeLost(String node, String why, boolean exited) implements Command {}

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

  /**
   * Where items come from, and where what became of them goes.
   *
   * @param receiver used only when files are collected
   */
  public record Ends(Source source, Sink sink, Receiver receiver) {}

  /**
   * Time and chance.
   *
   * @param nanoTime a monotonic clock
   * @param random from 0 to 1
   */
  public record World(LongSupplier nanoTime, DoubleSupplier random) {}

  private record Heard(ToDownload message) implements Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  /** Something that had to wait for its time may be handed out. */
  private enum Wake implements Command {
    INSTANCE
  }

  private record ListRead(List<Entry> entries) implements Command {}

  /** What became of items is safe, so the node can be told. */
  private record Noted(@Nullable DownloadNode node, List<Long> attempts, int endings)
      implements Command {}

  private record PartTaken(DownloadNode node, long attempt, long until) implements Command {}

  private record Completed(DownloadNode node, long attempt, long item, Tried tried)
      implements Command {}

  private record Broke(Throwable failure) implements Command {}

  private enum Dropped implements Command {
    INSTANCE
  }

  private enum Impatient implements Command {
    INSTANCE
  }

  private static final Duration TICK = Duration.ofMillis(200);

  /** How long to wait at the end for nodes to close what they have under way. */
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  /** Beyond so many endings that are not yet written down nothing more is handed out. */
  private static final int MOST_UNWRITTEN = 4096;

  private static final int MOST_LINES = 1000;
  private static final int MESSAGE_CHARACTERS = 60_000;
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final DownloadSettings settings;
  private final Ends ends;
  private final Consumer<JobEvent> listener;
  private final CompletableFuture<DownloadOutcome> outcome;
  private final LongSupplier clock;
  private final ActorRef<ToDownload> inbox;

  private final Sharing sharing;
  private final Incoming incoming;
  private final OwnThread reading = new OwnThread("divvy-list");
  private final OwnThread writing = new OwnThread("divvy-manifest");
  private final Figures figures = new Figures();
  private final Map<String, DownloadNode> nodes = new LinkedHashMap<>();
  private final List<Death> deaths = new ArrayList<>();
  private final Successors successors = new Successors();
  private @Nullable String fullDisk;
  private boolean asked;
  private boolean cancelAsked;
  private int unwritten;
  private long peakMemory = -1;
  private long startedAt = -1;
  private long lastResultAt = -1;
  private long lastTick;
  private long lastAsked;

  /**
   * The coordinator of one download.
   *
   * @param outcome completed when it is over; exceptionally when the list cannot be read or what
   *     became of it cannot be written
   */
  public static Behavior<Command> create(
      DownloadSettings settings,
      Ends ends,
      Consumer<JobEvent> listener,
      CompletableFuture<DownloadOutcome> outcome,
      World world) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new DownloadCoordinator(
                            context, timers, settings, ends, listener, outcome, world)
                        .starting()));
  }

  private DownloadCoordinator(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      DownloadSettings settings,
      Ends ends,
      Consumer<JobEvent> listener,
      CompletableFuture<DownloadOutcome> outcome,
      World world) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.ends = ends;
    this.listener = listener;
    this.outcome = outcome;
    this.clock = world.nanoTime();
    this.inbox = context.messageAdapter(ToDownload.class, Heard::new);
    this.sharing =
        new Sharing(settings.limits(), settings.leases().duration().toNanos(), world.random());
    this.incoming = new Incoming(ends.receiver());
    this.lastTick = clock.getAsLong();
    this.lastAsked = lastTick;
    timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
  }

  // ---- states

  private Behavior<Command> starting() {
    listener.accept(new JobEvent.Started(settings.run(), -1));
    readMore();
    return running();
  }

  private Behavior<Command> running() {
    return Behaviors.receive(Command.class)
        .onMessage(NodeFound.class, this::onNodeFound)
        .onMessage(NodeLost.class, this::onNodeLost)
        .onMessage(NodeRestarting.class, this::onNodeRestarting)
        .onMessage(NodeStillborn.class, this::onNodeStillborn)
        .onMessage(NodeGivenUp.class, this::onNodeGivenUp)
        .onMessage(Heard.class, this::onHeard)
        .onMessage(ListRead.class, this::onListRead)
        .onMessage(Noted.class, this::onNoted)
        .onMessage(PartTaken.class, this::onPartTaken)
        .onMessage(Completed.class, this::onCompleted)
        .onMessage(Broke.class, this::onBroke)
        .onMessageEquals(Interrupt.INSTANCE, () -> end(Status.INTERRUPTED, "interrupted"))
        .onMessageEquals(Dropped.INSTANCE, Behaviors::same)
        .onMessageEquals(Wake.INSTANCE, this::proceed)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .build();
  }

  /**
   * Nothing is handed out any more; nodes close what they have under way, and what they finished
   * before that counts.
   */
  private Behavior<Command> ending(End end, Set<String> awaited, boolean dropped) {
    if (dropped && awaited.isEmpty() && unwritten == 0) {
      return finish(end);
    }
    return Behaviors.receive(Command.class)
        .onMessageEquals(Dropped.INSTANCE, () -> ending(end, awaited, true))
        .onMessageEquals(Impatient.INSTANCE, () -> ending(end, Set.of(), dropped))
        .onMessage(NodeLost.class, lost -> ending(end, without(awaited, lost.node()), dropped))
        .onMessage(
            Heard.class,
            heard -> ending(end, without(awaited, lastWords(heard.message())), dropped))
        .onMessage(
            Completed.class,
            completed -> {
              count(completed);
              return ending(end, awaited, dropped);
            })
        .onMessage(
            Noted.class,
            noted -> {
              acknowledge(noted);
              return ending(end, awaited, dropped);
            })
        .onMessage(Broke.class, this::onBroke)
        .onAnyMessage(message -> Behaviors.same())
        .build();
  }

  /** Who closed everything; empty when the message says something else. */
  private String lastWords(ToDownload message) {
    DownloadNode node = present(message.node());
    if (!message.run().equals(settings.run()) || node == null) {
      return "";
    }
    if (message instanceof ToDownload.Ended ended) {
      onEnded(node, ended);
    }
    return message instanceof ToDownload.Departed ? node.name() : "";
  }

  private record End(Status status, @Nullable String problem) {}

  private static Set<String> without(Set<String> names, String name) {
    Set<String> rest = new HashSet<>(names);
    rest.remove(name);
    return rest;
  }

  // ---- the list

  private void readMore() {
    int room = sharing.room();
    if (!asked && room > 0 && room >= settings.limits().lookAhead() / 16) {
      asked = true;
      int most = Math.min(room, MOST_LINES);
      pipe(reading.call(() -> ends.source().next(most)), ListRead::new);
    }
  }

  private Behavior<Command> onListRead(ListRead message) {
    asked = false;
    if (message.entries().isEmpty()) {
      sharing.listEnded();
    }
    carryOut(sharing.read(message.entries()), null, List.of());
    return proceed();
  }

  private <T> void pipe(CompletionStage<T> stage, Function<T, Command> then) {
    context.pipeToSelf(
        stage,
        (value, failure) ->
            failure == null
                ? then.apply(value)
                : new Broke(
                    failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure));
  }

  // ---- nodes

  private Behavior<Command> onNodeFound(NodeFound found) {
    DownloadNode known = present(found.node().name());
    ActorRef<ToTransfers> transfers = found.transfers();
    if (transfers == null) {
      listener.accept(new JobEvent.NodeRefused(found.node().name(), "its program cannot download"));
    } else if (known == null) {
      successors.arrived(found.node().name());
      DownloadNode node = new DownloadNode(found.node(), transfers, clock.getAsLong());
      nodes.put(node.name(), node);
      sharing.ask(node.name(), clock.getAsLong());
      register(node);
    } else if (!known.info.address().equals(found.node().address())) {
      listener.accept(
          new JobEvent.NodeRefused(
              found.node().name() + " at " + found.node().address(),
              "another node of that name takes part, at " + known.info.address()));
    } else if (known.state == DownloadNode.State.LOST) {
      register(known);
    }
    return Behaviors.same();
  }

  private @Nullable DownloadNode present(String name) {
    DownloadNode node = nodes.get(name);
    return node == null || node.state == DownloadNode.State.GONE ? null : node;
  }

  private void register(DownloadNode node) {
    long lease = settings.leases().duration().toMillis();
    node.transfers.tell(
        new ToTransfers.Register(settings.run(), settings.download(), lease, inbox));
  }

  private Behavior<Command> onNodeLost(NodeLost lost) {
    DownloadNode node = nodes.get(lost.node());
    if (node != null) {
      lose(node, lost.why(), lost.exited(), false);
    }
    return proceed();
  }

  private Behavior<Command> onNodeRestarting(NodeRestarting restarting) {
    successors.expect(restarting.node());
    return Behaviors.same();
  }

  private Behavior<Command> onNodeStillborn(NodeStillborn stillborn) {
    Death death = Death.stillborn(stillborn.node(), stillborn.pid(), stillborn.why());
    deaths.add(death);
    listener.accept(
        new JobEvent.NodeGone(stillborn.node(), stillborn.why(), false, death.details()));
    return Behaviors.same();
  }

  private Behavior<Command> onNodeGivenUp(NodeGivenUp givenUp) {
    successors.giveUp(givenUp.node());
    listener.accept(new JobEvent.NodeRefused(givenUp.node(), givenUp.why()));
    return proceed();
  }

  /** A node that is only cut off keeps what it holds until its leases end. */
  private void lose(DownloadNode node, String why, boolean exited, boolean expected) {
    DownloadNode.State before = node.state;
    if (before == DownloadNode.State.GONE || (before == DownloadNode.State.LOST && !exited)) {
      return;
    }
    node.state = exited ? DownloadNode.State.GONE : DownloadNode.State.LOST;
    List<Interval> held =
        sharing.flights().stream()
            .filter(flight -> flight.node().equals(node.name()))
            .map(flight -> flight.item().index())
            .sorted()
            .map(item -> new Interval(item, item + 1))
            .toList();
    if (exited) {
      carryOut(sharing.dead(node.name(), node.name() + ": " + why), null, List.of());
    } else {
      sharing.leave(node.name());
    }
    if (before == DownloadNode.State.REGISTERED) {
      if (!expected && !node.departing) {
        deaths.add(new Death(node.name(), node.info.pid(), why, held, -1, -1));
      }
      listener.accept(new JobEvent.NodeGone(node.name(), why, expected || node.departing, ""));
    }
  }

  // ---- what nodes say

  private Behavior<Command> onHeard(Heard heard) {
    ToDownload message = heard.message();
    DownloadNode node = present(message.node());
    if (!message.run().equals(settings.run()) || node == null) {
      return Behaviors.same();
    }
    if (message instanceof ToDownload.Ended ended) {
      onEnded(node, ended);
    } else if (message instanceof ToDownload.Landed landed) {
      sharing.landed(node.name(), landed.attempt(), clock.getAsLong());
    } else if (message instanceof ToDownload.Redirected redirected) {
      onRedirected(node, redirected);
    } else if (message instanceof ToDownload.Part part) {
      onPart(node, part);
    } else if (message instanceof ToDownload.Alive alive) {
      onAlive(node, alive);
    } else if (message instanceof ToDownload.Registered registered) {
      onRegistered(node, registered);
    } else if (message instanceof ToDownload.Refused refused) {
      lose(node, refused.why(), true, true);
      listener.accept(new JobEvent.NodeRefused(node.name(), refused.why()));
    } else if (message instanceof ToDownload.Cancelled cancelled) {
      onCancelled(cancelled);
    } else if (message instanceof ToDownload.Departing) {
      node.departing = true;
      sharing.leave(node.name());
    } else if (message instanceof ToDownload.Departed) {
      lose(node, "it left in good order", true, true);
    } else {
      throw new IllegalStateException("a message of an unknown type: " + message);
    }
    return proceed();
  }

  private void onRegistered(DownloadNode node, ToDownload.Registered registered) {
    node.heard(registered.stamp(), clock.getAsLong());
    if (!node.isRegistered()) {
      node.state = DownloadNode.State.REGISTERED;
      node.sharesDirectory = registered.sharesDirectory();
      node.departing = false;
      hearMemory(node, registered.memoryBytes());
      sharing.join(node.name());
      listener.accept(new JobEvent.NodeJoined(node.info));
    }
  }

  private void onAlive(DownloadNode node, ToDownload.Alive alive) {
    if (!node.isRegistered()) {
      return; // it is asked to register again; until it does its leases run out
    }
    long now = clock.getAsLong();
    node.heard(alive.stamp(), now);
    node.moves(alive.moving());
    hearMemory(node, alive.memoryBytes());
    List<Long> renewed = new ArrayList<>();
    List<Long> over = new ArrayList<>();
    for (ToDownload.Moving moving : alive.moving()) {
      boolean wanted = sharing.renew(node.name(), moving.attempt(), now);
      (wanted ? renewed : over).add(moving.attempt());
    }
    node.transfers.tell(
        new ToTransfers.Renew(
            settings.run(), alive.stamp(), renewed, sharing.bytesPerSecond(node.name())));
    if (!over.isEmpty()) {
      node.transfers.tell(new ToTransfers.Cancel(settings.run(), over));
    }
  }

  private void hearMemory(DownloadNode node, long bytes) {
    node.memoryBytes = bytes;
    peakMemory = Math.max(peakMemory, memory());
  }

  private long memory() {
    return nodes.values().stream()
        .filter(node -> node.isRegistered() && node.memoryBytes >= 0)
        .mapToLong(node -> node.memoryBytes)
        .reduce(Long::sum)
        .orElse(-1);
  }

  private void onRedirected(DownloadNode node, ToDownload.Redirected redirected) {
    long attempt = redirected.attempt();
    int hop = redirected.hop();
    if (sharing.redirected(node.name(), attempt, hop, redirected.host(), clock.getAsLong())) {
      node.transfers.tell(new ToTransfers.GoOn(settings.run(), attempt, hop));
    }
  }

  private void onEnded(DownloadNode node, ToDownload.Ended message) {
    long now = clock.getAsLong();
    if (node.isRegistered()) {
      node.heard(message.stamp(), now);
    }
    List<Sharing.Step> steps = new ArrayList<>();
    List<Long> attempts = new ArrayList<>();
    for (ToDownload.Report report : message.reports()) {
      long attempt = report.attempt();
      if (incoming.isCompleting(attempt)) {
        continue; // heard before; it is answered once the file is in its place
      }
      Sharing.Flight flight = sharing.flight(node.name(), attempt);
      if (flight != null && isOutOfRoom(report.tried())) {
        continue; // the item remains, for a run that has room
      }
      if (streams(node) && flight != null && report.tried() instanceof Tried.Ok ok) {
        complete(node, flight, ok);
      } else {
        attempts.add(attempt);
        steps.addAll(
            sharing.report(
                node.name(), attempt, report.item(), report.tried(), !streams(node), now));
      }
    }
    lastResultAt = now;
    carryOut(steps, node, attempts);
  }

  /** Remembers that there is no room: then the run ends, with all that was not fetched undone. */
  private boolean isOutOfRoom(Tried tried) {
    boolean full = tried instanceof Tried.Broken broken && broken.isDiskFull();
    if (full && fullDisk == null) {
      fullDisk = ((Tried.Broken) tried).text();
    }
    return full;
  }

  /** Whether the node's files come here through messages. */
  private boolean streams(DownloadNode node) {
    return settings.download().collect() && !node.sharesDirectory;
  }

  private void complete(DownloadNode node, Sharing.Flight flight, Tried.Ok ok) {
    long attempt = flight.attempt();
    long item = flight.item().index();
    Optional<CompletionStage<Tried>> placed = incoming.complete(attempt, flight.item().entry, ok);
    if (placed.isPresent()) {
      pipe(placed.get(), tried -> new Completed(node, attempt, item, tried));
    } else {
      Tried.Broken lost = Tried.Broken.lost("bytes of it are missing");
      carryOut(
          sharing.report(node.name(), attempt, item, lost, false, clock.getAsLong()),
          node,
          List.of(attempt));
    }
  }

  private Behavior<Command> onCompleted(Completed completed) {
    count(completed);
    return proceed();
  }

  private void count(Completed completed) {
    long now = clock.getAsLong();
    lastResultAt = now;
    incoming.completed(completed.attempt());
    if (isOutOfRoom(completed.tried())) {
      return;
    }
    carryOut(
        sharing.report(
            completed.node().name(),
            completed.attempt(),
            completed.item(),
            completed.tried(),
            true,
            now),
        completed.node(),
        List.of(completed.attempt()));
  }

  private void onPart(DownloadNode node, ToDownload.Part part) {
    Sharing.Flight flight = sharing.flight(node.name(), part.attempt());
    if (flight == null || !streams(node)) {
      node.transfers.tell(new ToTransfers.Cancel(settings.run(), List.of(part.attempt())));
      return;
    }
    incoming
        .take(part, flight.item().entry)
        .ifPresentOrElse(
            taken -> pipe(taken, until -> new PartTaken(node, part.attempt(), until)),
            () -> tellReceived(node, part.attempt()));
  }

  private Behavior<Command> onPartTaken(PartTaken taken) {
    incoming.written(taken.attempt(), taken.until());
    tellReceived(taken.node(), taken.attempt());
    return Behaviors.same();
  }

  private void tellReceived(DownloadNode node, long attempt) {
    node.transfers.tell(
        new ToTransfers.Received(settings.run(), attempt, incoming.written(attempt)));
  }

  /** Whoever leads the run ends it by an {@link Interrupt}, when it has told the user. */
  private void onCancelled(ToDownload.Cancelled cancelled) {
    if (!cancelAsked) {
      cancelAsked = true;
      context.getLog().info("[{}] asks to end the run, at [{}]", cancelled.by(), cancelled.node());
      listener.accept(new JobEvent.CancelAsked(cancelled.by(), cancelled.node()));
    }
  }

  // ---- carrying out

  /** What the node reported is acknowledged once what it led to is written down. */
  private void carryOut(
      List<Sharing.Step> steps, @Nullable DownloadNode node, List<Long> attempts) {
    List<Sink.Ending> endings = new ArrayList<>();
    for (Sharing.Step step : steps) {
      if (step instanceof Sharing.Ended ended) {
        endings.add(ended.ending());
        tell(ended.ending());
      } else if (step instanceof Sharing.Again again) {
        Interval item = new Interval(again.item(), again.item() + 1);
        listener.accept(new JobEvent.Retried(item, again.why()));
      } else if (step instanceof Sharing.Cancel cancel) {
        DownloadNode other = present(cancel.node());
        if (other != null) {
          other.transfers.tell(new ToTransfers.Cancel(settings.run(), List.of(cancel.attempt())));
        }
      } else if (step instanceof Sharing.Duplicate duplicate) {
        Interval item = new Interval(duplicate.item(), duplicate.item() + 1);
        listener.accept(new JobEvent.DuplicateDropped(duplicate.node(), item));
      } else {
        throw new IllegalStateException("a step of an unknown type: " + step);
      }
    }
    Noted noted = new Noted(node, List.copyOf(attempts), endings.size());
    unwritten += endings.size();
    if (endings.isEmpty()) {
      acknowledge(noted);
    } else {
      pipe(
          writing.call(
              () -> {
                ends.sink().ended(endings);
                return noted;
              }),
          written -> written);
    }
  }

  private void tell(Sink.Ending ending) {
    if (ending.tried() instanceof Tried.Broken broken) {
      listener.accept(
          new JobEvent.ItemFailed(
              ending.entry().item(), broken.cause() + ": " + broken.text(), ""));
    }
  }

  private Behavior<Command> onNoted(Noted noted) {
    acknowledge(noted);
    return proceed();
  }

  private void acknowledge(Noted noted) {
    unwritten -= noted.endings();
    DownloadNode node = noted.node();
    if (node != null && !noted.attempts().isEmpty()) {
      node.transfers.tell(new ToTransfers.Acknowledge(settings.run(), noted.attempts()));
    }
  }

  /** Reads and hands out what can be now, and ends when there is nothing left to wait for. */
  private Behavior<Command> proceed() {
    long now = clock.getAsLong();
    readMore();
    if (unwritten <= MOST_UNWRITTEN && fullDisk == null) {
      handOut(now);
    }
    return settle(now);
  }

  private void handOut(long now) {
    long fresh = settings.leases().duration().toNanos() / 2;
    Predicate<String> ready =
        name -> {
          DownloadNode node = present(name);
          // What counts from an older reading of its clock would hardly last.
          return node != null && node.isRegistered() && now - node.heardAt < fresh;
        };
    for (Sharing.GoOn goOn : sharing.goOn(ready, now)) {
      DownloadNode node = present(goOn.node());
      if (node != null) {
        node.transfers.tell(new ToTransfers.GoOn(settings.run(), goOn.attempt(), goOn.hop()));
      }
    }
    sharing.assign(ready, now).forEach((name, handOuts) -> send(name, handOuts, now));
    sharing
        .nextTime(now)
        .ifPresent(
            next -> {
              long wait = Math.max(SHORTEST_WAIT.toNanos(), next - now);
              timers.startSingleTimer(Wake.INSTANCE, Duration.ofNanos(wait));
            });
  }

  private void send(String name, List<HandOut> handOuts, long now) {
    DownloadNode node = present(name);
    if (node == null) {
      return;
    }
    node.worked = true;
    if (startedAt < 0) {
      startedAt = now;
      listener.accept(new JobEvent.Granted());
    }
    List<HandOut> some = new ArrayList<>();
    int characters = 0;
    for (HandOut handOut : handOuts) {
      int size = handOut.url().length() + handOut.name().stem().length() + 200;
      if (!some.isEmpty() && characters + size > MESSAGE_CHARACTERS) {
        node.transfers.tell(new ToTransfers.Fetch(settings.run(), node.stamp, some));
        some = new ArrayList<>();
        characters = 0;
      }
      some.add(handOut);
      characters += size;
    }
    node.transfers.tell(new ToTransfers.Fetch(settings.run(), node.stamp, some));
  }

  // ---- time

  private Behavior<Command> onTick() {
    long now = clock.getAsLong();
    long late = now - lastTick - TICK.toNanos();
    lastTick = now;
    if (late > settings.leases().renewInterval().toNanos()) {
      // This process was stopped, or the machine slept: the others' silence proves nothing.
      nodes.values().forEach(node -> node.heardAt += late);
    }
    incoming.completing().forEach(attempt -> sharing.keep(attempt, now));
    carryOut(sharing.expire(now), null, List.of());
    Set<Long> underWay = new HashSet<>();
    sharing.flights().forEach(flight -> underWay.add(flight.attempt()));
    pipe(incoming.dropUnless(underWay::contains), done -> Dropped.INSTANCE);
    long lease = settings.leases().duration().toNanos();
    for (DownloadNode node : List.copyOf(nodes.values())) {
      if (node.isRegistered() && now - node.heardAt > lease) {
        long seconds = Duration.ofNanos(now - node.heardAt).toSeconds();
        lose(node, "nothing was heard from it for " + seconds + " s", false, false);
      }
    }
    if (now - lastAsked >= settings.leases().renewInterval().toNanos()) {
      lastAsked = now;
      nodes.values().stream()
          .filter(
              node ->
                  node.state == DownloadNode.State.ASKED || node.state == DownloadNode.State.LOST)
          .forEach(this::register);
    }
    listener.accept(figures.at(now, sharing, nodes));
    return proceed();
  }

  /** Ends the run when all is done, or when nobody is left to do it and nobody can be expected. */
  private Behavior<Command> settle(long now) {
    if (sharing.isFinished()) {
      return end(sharing.failed() == 0 ? Status.DONE : Status.FAILED_ITEMS, null);
    }
    if (fullDisk != null) {
      return end(Status.HALTED, fullDisk);
    }
    if (sharing.failed() >= settings.limits().mostFailed()) {
      return end(Status.HALTED, DownloadSettings.Limits.haltedAt(sharing.failed()));
    }
    if (has(DownloadNode.State.REGISTERED)) {
      successors.someoneCanWork();
      return Behaviors.same();
    }
    Successors.Hopes hopes =
        new Successors.Hopes(
            nodes.isEmpty(),
            names(DownloadNode.State.ASKED),
            has(DownloadNode.State.LOST),
            settings.moreNodesMayCome());
    return successors
        .lost(hopes, deaths, now)
        .map(why -> end(Status.LOST, why))
        .orElseGet(Behaviors::same);
  }

  private boolean has(DownloadNode.State state) {
    return nodes.values().stream().anyMatch(node -> node.state == state);
  }

  private List<String> names(DownloadNode.State state) {
    return nodes.values().stream()
        .filter(node -> node.state == state)
        .map(DownloadNode::name)
        .toList();
  }

  // ---- the end

  private Behavior<Command> end(Status status, @Nullable String problem) {
    listener.accept(figures.at(clock.getAsLong(), sharing, nodes));
    Set<String> awaited = new HashSet<>();
    for (DownloadNode node : nodes.values()) {
      if (node.state != DownloadNode.State.GONE) {
        node.transfers.tell(new ToTransfers.Unregister(settings.run()));
      }
      if (node.isRegistered()) {
        awaited.add(node.name());
      }
    }
    timers.cancel(Wake.INSTANCE);
    timers.startSingleTimer(Impatient.INSTANCE, FAREWELL);
    pipe(incoming.dropUnless(attempt -> false), done -> Dropped.INSTANCE);
    return ending(new End(status, problem), awaited, false);
  }

  private void endThreads() {
    reading.end();
    writing.end();
    incoming.end();
  }

  private Behavior<Command> onBroke(Broke broke) {
    nodes.values().stream()
        .filter(node -> node.state != DownloadNode.State.GONE)
        .forEach(node -> node.transfers.tell(new ToTransfers.Unregister(settings.run())));
    endThreads();
    outcome.completeExceptionally(
        broke.failure() instanceof IOException
            ? broke.failure()
            : new IllegalStateException("the download failed", broke.failure()));
    return Behaviors.stopped();
  }

  private Behavior<Command> finish(End end) {
    endThreads();
    double seconds =
        startedAt < 0 || lastResultAt < 0 ? 0 : Math.max(0, lastResultAt - startedAt) / 1e9;
    listener.accept(new JobEvent.Finished(end.status().word(), seconds));
    outcome.complete(
        new DownloadOutcome(
            settings.run(),
            end.status(),
            sharing.itemsRead(),
            sharing.listRead(),
            sharing.done(),
            sharing.present(),
            sharing.failed(),
            sharing.remaining(),
            sharing.causes(),
            sharing.bytes(),
            sharing.attempts(),
            sharing.retried(),
            sharing.duplicates(),
            deaths,
            nodes.values().stream().filter(node -> node.worked).map(node -> node.info).toList(),
            seconds,
            peakMemory,
            end.problem()));
    return Behaviors.stopped();
  }
}
