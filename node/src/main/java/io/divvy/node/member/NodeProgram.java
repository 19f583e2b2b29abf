package io.divvy.node.member;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import io.divvy.config.DivvySettings;
import io.divvy.node.agent.Agent;
import io.divvy.node.boot.Home;
import io.divvy.node.boot.Logging;
import io.divvy.node.boot.Systems;
import io.divvy.node.download.transfer.Transfers;
import io.divvy.node.input.HostPort;
import io.divvy.node.launch.Death;
import io.divvy.node.launch.NodeKeeper;
import io.divvy.node.worker.InHand;
import io.divvy.protocol.NodeInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Leave;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of a node's JVM: starts the agent, finds the cluster, and ends in good order. */
public final class NodeProgram {
  private static final Logger LOG = LoggerFactory.getLogger(NodeProgram.class);
  private static final int OK = 0;
  private static final int ORPHANED = 1;

  /** For the last messages to leave this JVM. */
  private static final long LAST_MESSAGES_MILLIS = 200;

  private static final int EXITED = 1;
  private static final int TAKEN_OUT = NodeKeeper.TAKEN_OUT;
  private static final long STOP_SECONDS = 5;
  private static final int USAGE = 2;
  private static final int UNREACHABLE = 3;
  private static final OptionalInt ANY_PORT = OptionalInt.of(0);
  private static final int BIND_ATTEMPTS = 5;
  private static final long LOOK_AFTER_ENTRY_MILLIS = 2000;

  private final NodeOptions options;
  private final String host;
  private final DivvySettings settings;
  private final NodeFacts facts;
  private final NodeActors actors;
  private final long begin = System.nanoTime();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final CompletableFuture<NodeActors.Started> working = new CompletableFuture<>();
  private final Membership.Stages stages = new Membership.Stages();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final Registry registry;

  /** The addresses of the other nodes, as long as there were any. */
  private volatile List<String> peers = List.of();

  /** Everything that the node listens with. */
  private record Running(
      ActorSystem<Void> system, Liveness liveness, NodeInfo info, Optional<Path> log) {}

  private NodeProgram(
      NodeOptions options, DivvySettings settings, NodeFacts facts, NodeActors actors) {
    this.options = options;
    this.host = HostPort.address(options.host().orElse(settings.node().host()));
    this.settings = settings;
    this.facts = facts;
    this.actors = actors;
    this.registry = new Registry(Home.ofUser().folder(), this::complain);
  }

  /**
   * Runs a node in this JVM and ends the JVM with it. It returns only when the node could not
   * start, and what it returns is the exit code; non-daemon threads may live then.
   */
  public static int run(
      NodeOptions options, DivvySettings settings, NodeFacts facts, NodeActors actors)
      throws InterruptedException {
    NodeProgram program = new NodeProgram(options, settings, facts, actors);
    try {
      return options.child() ? program.runChild() : program.runMember();
    } catch (Systems.CannotStart | IOException e) {
      program.complain(String.valueOf(e.getMessage()));
      return USAGE;
    } catch (Entrance.NotReached e) {
      program.complain(String.valueOf(e.getMessage()));
      return UNREACHABLE;
    }
  }

  private void complain(String line) {
    err.println("divvy: " + line);
  }

  private int runChild() throws Systems.CannotStart, IOException, InterruptedException {
    Thread pipe = new Thread(() -> endWithParent(System.in), "divvy-parent");
    pipe.setDaemon(true);
    pipe.start();
    String name = options.name().orElse("p" + ProcessHandle.current().pid());
    Optional<Path> log = Logging.start("child");
    Running running = start(settings.pekko().child(host), name, log);
    tell(started -> started.agent().tell(new Agent.WhenAbandoned(() -> endWithoutThread(running))));
    announce(running);
    return await(running);
  }

  /** A thread that nobody can stop takes a core for as long as this JVM lives. */
  private void endWithoutThread(Running running) {
    if (ending.getAndSet(true)) {
      return;
    }
    LOG.warn("This JVM gives back its work and ends: one of its threads cannot be stopped");
    Executor soon = CompletableFuture.delayedExecutor(LAST_MESSAGES_MILLIS, TimeUnit.MILLISECONDS);
    CompletableFuture<Void> unused =
        drained(running)
            .handle((drained, failure) -> Death.THREAD_NOT_STOPPED)
            .thenAcceptAsync(code -> Runtime.getRuntime().halt(code), soon);
  }

  /** The pipe is lost with the parent, however it died; what is computed here nobody wants then. */
  private static void endWithParent(InputStream pipe) {
    awaitEnd(pipe);
    Runtime.getRuntime().halt(ORPHANED);
  }

  private static void awaitEnd(InputStream pipe) {
    try {
      while (pipe.read() >= 0) {
        // Nothing is ever said; only the end matters.
      }
    } catch (IOException e) {
      // A broken pipe is the end as well.
    }
  }

  /** Without its keeper a node has nobody who starts it again, and who ended that one meant it. */
  private static void leaveWithKeeper(InputStream pipe, Path mark) {
    awaitEnd(pipe);
    NodeKeeper.progressed(mark); // nobody reads it any more
    System.exit(ORPHANED);
  }

  private int runMember()
      throws Systems.CannotStart, IOException, InterruptedException, Entrance.NotReached {
    Optional<String> wrong = wrongAddress();
    if (wrong.isPresent()) {
      complain(wrong.get());
      return USAGE;
    }
    if (options.kept().isPresent()) {
      Path mark = options.kept().get();
      Thread pipe = new Thread(() -> leaveWithKeeper(System.in, mark), "divvy-keeper");
      pipe.setDaemon(true);
      pipe.start();
      tell(
          started ->
              started.agent().tell(new Agent.WhenCounted(() -> NodeKeeper.progressed(mark))));
    }
    Optional<Path> log = Logging.start("node");
    int code = live(log);
    NodeProgram next = this;
    while (code == TAKEN_OUT && options.kept().isEmpty()) {
      next = next.successor();
      code = next.liveAgain(log);
    }
    return code;
  }

  /** The same node, to begin anew: it founds no cluster, but joins those that it knew. */
  private NodeProgram successor() throws IOException {
    List<String> join = new ArrayList<>(options.join());
    boolean othersHere =
        registry.entries().stream().anyMatch(entry -> registry.life(entry) == Entry.Life.ALIVE);
    if (!othersHere) {
      peers.stream().filter(peer -> !join.contains(peer)).forEach(join::add);
    }
    return new NodeProgram(options.again(join), settings, facts, actors);
  }

  /** As long as those that it knew do not answer, it tries. */
  private int liveAgain(Optional<Path> log)
      throws Systems.CannotStart, IOException, InterruptedException {
    while (true) {
      try {
        return live(log);
      } catch (Entrance.NotReached e) {
        LOG.warn("{}", e.getMessage());
      }
    }
  }

  private int live(Optional<Path> log)
      throws Systems.CannotStart, IOException, InterruptedException, Entrance.NotReached {
    Set<Integer> refused = new HashSet<>();
    Running started;
    Entry own;
    while (true) {
      int port = claim(refused);
      String name = options.name().orElse(Claim.name(host, port));
      own = entry(name, port);
      try {
        started = start(settings.pekko().member(host, port), name, log);
        break;
      } catch (Systems.CannotStart e) {
        registry.remove(own);
        if (!e.portTaken() || options.port().isPresent() || refused.size() >= BIND_ATTEMPTS) {
          throw e;
        }
        refused.add(port);
      }
    }
    Running running = started;
    Entry entry = own;
    Thread hook = new Thread(() -> leave(running, entry), "divvy-leave");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      enter(running, entry);
      announce(running);
      return stay(running, entry);
    } finally {
      dismantle(running, hook);
    }
  }

  private void enter(Running running, Entry own)
      throws IOException, InterruptedException, Entrance.NotReached {
    try {
      new Entrance(
              running.system(),
              registry,
              own,
              joinAddresses(),
              options.found(),
              settings.command().reachTimeout(),
              begin,
              stages,
              this::complain)
          .enter();
    } catch (Entrance.NotReached | IOException e) {
      registry.remove(own);
      throw e;
    }
  }

  /** Frees what another life of this node in this JVM needs. */
  private void dismantle(Running running, Thread hook) throws InterruptedException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The JVM ends already");
    }
    running.liveness().close();
    Systems.stop(running.system(), STOP_SECONDS, TimeUnit.SECONDS);
  }

  private Optional<String> wrongAddress() throws IOException {
    Optional<String> wrong = Addresses.wrong(host);
    if (wrong.isEmpty() && !Addresses.isLoopback(host) && !options.insecure()) {
      wrong =
          Optional.of(
              "host '"
                  + host
                  + "' is not this machine alone: whoever reaches it could use the node; give"
                  + " --insecure to allow that, or a host such as 127.0.0.1");
    }
    if (wrong.isEmpty() && options.port().isPresent()) {
      int port = options.port().getAsInt();
      String address = host + ":" + port;
      String holder =
          registry.entries().stream()
              .filter(entry -> entry.address().equals(address))
              .filter(entry -> registry.life(entry) == Entry.Life.ALIVE)
              .map(Entry::text)
              .findFirst()
              .orElse("another program");
      if (!Addresses.isFree(host, port)) {
        wrong =
            Optional.of(
                "port "
                    + port
                    + " of "
                    + host
                    + " is taken by "
                    + holder
                    + "; give another --port, or none for the next free one");
      }
    }
    return wrong;
  }

  /** Chooses the port and registers it, so that no other node chooses it too. */
  private int claim(Set<Integer> refused)
      throws IOException, InterruptedException, Systems.CannotStart {
    OptionalInt asked =
        options.port().equals(ANY_PORT) ? OptionalInt.of(Addresses.anyFree(host)) : options.port();
    OptionalInt port =
        registry.change(
            entries -> {
              List<String> taken =
                  entries.stream()
                      .filter(entry -> registry.life(entry) != Entry.Life.DEAD)
                      .map(Entry::address)
                      .toList();
              OptionalInt chosen =
                  asked.isPresent()
                      ? asked
                      : Claim.port(
                          host,
                          settings.node().port(),
                          taken,
                          refused,
                          candidate -> Addresses.isFree(host, candidate));
              if (chosen.isEmpty() || taken.contains(host + ":" + chosen.getAsInt())) {
                return new Registry.Step<>(entries, chosen);
              }
              String name = options.name().orElse(Claim.name(host, chosen.getAsInt()));
              Entry own = entry(name, chosen.getAsInt());
              return new Registry.Step<>(Registry.with(entries, own), chosen);
            });
    return port.isPresent() ? port.getAsInt() : Addresses.anyFree(host);
  }

  private Entry entry(String name, int port) {
    long pid = ProcessHandle.current().pid();
    return new Entry(
        name,
        host + ":" + port,
        pid,
        Processes.startOf(pid).orElse(""),
        Processes.space(),
        System.currentTimeMillis(),
        Entry.State.JOINING);
  }

  private List<String> joinAddresses() {
    return options.join().stream()
        .map(
            address ->
                address.lastIndexOf(':') > address.lastIndexOf(']')
                    ? address
                    : address + ":" + settings.node().port())
        .toList();
  }

  private Running start(Config config, String name, Optional<Path> log)
      throws Systems.CannotStart, IOException, InterruptedException {
    Liveness liveness =
        Liveness.listen(
            host,
            name,
            run -> tell(each -> each.livenessOpened(run)),
            run -> tell(each -> each.livenessClosed(run)));
    CompletableFuture<NodeInfo> info = new CompletableFuture<>();
    try {
      ActorSystem<Void> system =
          Systems.start(guardian(name, liveness.port(), info), Systems.NODE, config);
      return new Running(system, liveness, info.get(10, TimeUnit.SECONDS), log);
    } catch (Systems.CannotStart e) {
      liveness.close();
      throw e;
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the node's actors did not start: " + e, e);
    }
  }

  private Behavior<Void> guardian(
      String name, int livenessPort, CompletableFuture<NodeInfo> started) {
    return Behaviors.setup(
        context -> {
          NodeInfo info =
              new NodeInfo(
                  name,
                  Systems.address(context.getSystem()),
                  ProcessHandle.current().pid(),
                  options.workers(),
                  facts.machine(),
                  facts.cores(),
                  livenessPort,
                  facts.version(),
                  facts.kinds());
          NodeActors.Started spawned = actors.start(context, info);
          working.complete(spawned);
          if (!options.child()) {
            context.spawn(
                Membership.create(
                    stages,
                    others -> {
                      peers = others.isEmpty() ? peers : others;
                      spawned.agent().tell(new Agent.PeersChanged(others));
                    }),
                "membership");
          }
          started.complete(info);
          return Behaviors.empty();
        });
  }

  private void tell(Consumer<NodeActors.Started> message) {
    CompletableFuture<Void> unused = working.thenAccept(message);
  }

  private void announce(Running running) {
    NodeInfo info = running.info();
    if (options.json() || options.child()) {
      out.println(json(info));
    } else {
      out.println("Node " + info.name() + " is ready: " + workers(info.slots()) + ".");
      out.println("  messages   " + info.address());
      out.println("  liveness   " + host + ":" + info.livenessPort());
      running.log().ifPresent(file -> out.println("  log        " + file));
      String divvy = System.getProperty("divvy.launcher", "divvy");
      out.println("Other nodes join with  " + divvy + " node --join " + info.address());
      out.println("Use it with            " + divvy + " run sum 0..1e9 --join " + info.address());
    }
    out.flush();
  }

  private static String workers(int count) {
    return count == 1 ? "1 worker" : count + " workers";
  }

  private static String json(NodeInfo info) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode line =
        mapper
            .createObjectNode()
            .put("schema", "divvy.node/1")
            .put("name", info.name())
            .put("address", info.address())
            .put("workers", info.slots())
            .put("pid", info.pid())
            .put("tls", false);
    try {
      return mapper.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** Ends when the actor system does, which nobody here asks it to. */
  private int await(Running running) throws InterruptedException {
    try {
      running.system().getWhenTerminated().toCompletableFuture().get();
    } catch (ExecutionException e) {
      LOG.error("The actor system failed", e);
    }
    complain("node " + running.info().name() + " ended: its actors stopped" + see(running));
    return UNREACHABLE;
  }

  private static String see(Running running) {
    return running.log().map(file -> "; see " + file).orElse("");
  }

  /**
   * Looks after the registry while the node works: its entry is what new nodes find. Ends when the
   * others took the node out.
   */
  private int stay(Running running, Entry own) throws IOException, InterruptedException {
    CompletableFuture<Object> gone = gone(running);
    while (true) {
      try {
        gone.get(LOOK_AFTER_ENTRY_MILLIS, TimeUnit.MILLISECONDS);
        break;
      } catch (TimeoutException e) {
        register(running, own);
      } catch (ExecutionException e) {
        break;
      }
    }
    if (ending.getAndSet(true)) {
      Thread.sleep(Long.MAX_VALUE); // the hook ends the JVM
    }
    registry.remove(own);
    complain(
        "the other nodes took node "
            + own.name()
            + " out, since it did not answer for a while; it starts anew and joins them again"
            + see(running));
    return TAKEN_OUT;
  }

  private CompletableFuture<Object> gone(Running running) {
    return CompletableFuture.anyOf(
        stages.removed(), running.system().getWhenTerminated().toCompletableFuture());
  }

  /**
   * Puts the entry back should somebody have deleted the file, and takes out the nodes of this
   * machine whose processes are gone: that is certain, and long before silence would tell.
   */
  private void register(Running running, Entry own) throws InterruptedException {
    try {
      List<Entry> known = registry.entries();
      if (swept(known, own).entries().equals(known)) {
        return; // as nearly always; nobody has to wait for a lock then
      }
      List<String> dead = registry.change(entries -> swept(entries, own));
      Cluster cluster = Cluster.get(running.system());
      for (Member member : cluster.state().getMembers()) {
        String place = Addresses.of(member.address());
        if (dead.contains(place)) {
          LOG.info("[{}] is dead", place);
          InformedFailureDetector.takeOut(running.system(), member.address());
        }
      }
    } catch (IOException e) {
      LOG.warn("Cannot look after the entry", e);
    }
  }

  /** The entries without those of the dead, whose addresses are the answer. */
  private Registry.Step<List<String>> swept(List<Entry> entries, Entry own) {
    List<Entry> living =
        entries.stream().filter(entry -> registry.life(entry) != Entry.Life.DEAD).toList();
    boolean there = living.stream().anyMatch(entry -> Registry.sameProcess(entry, own));
    List<Entry> next =
        there || ending.get() ? living : Registry.with(living, own.up(System.currentTimeMillis()));
    return new Registry.Step<>(
        next, entries.stream().filter(e -> !living.contains(e)).map(Entry::address).toList());
  }

  /**
   * Runs when the JVM is told to end: gives work back, says goodbye, and is gone in bounded time.
   */
  private void leave(Running running, Entry own) {
    if (ending.getAndSet(true)) {
      return; // it ends already, with an exit code of its own
    }
    try {
      Optional<InHand> culprit = InHand.ofWhoExits();
      if (culprit.isPresent()) {
        // It never gives its work back: this is a death, and has to look like one.
        complain("the function called System.exit at " + culprit.get().text());
        registry.remove(own);
        Runtime.getRuntime().halt(EXITED);
      }
      LOG.info("Leaving");
      registry.remove(own);
      awaitQuietly(drained(running), settings.node().drainTimeout(), "give work back");
      if (stages.welcomed().isDone()) {
        Cluster cluster = Cluster.get(running.system());
        cluster.manager().tell(Leave.create(cluster.selfMember().address()));
        awaitQuietly(gone(running), settings.node().leaveTimeout(), "leave the others");
      }
      LOG.info("Left");
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.warn("Leaving failed", e);
    } finally {
      Runtime.getRuntime().halt(OK);
    }
  }

  private CompletableFuture<Object> drained(Running running) {
    Duration within = settings.node().drainTimeout();
    Scheduler scheduler = running.system().scheduler();
    return working.thenCompose(
        started ->
            AskPattern.<Agent.Command, Agent.Drained>ask(
                    started.agent(),
                    replyTo -> new Agent.Drain(within, replyTo),
                    within.plusSeconds(1),
                    scheduler)
                .thenCombine(
                    AskPattern.<Transfers.Command, Transfers.Drained>ask(
                        started.transfers(), Transfers.Drain::new, within, scheduler),
                    (slots, transfers) -> slots));
  }

  private static void awaitQuietly(CompletableFuture<?> stage, Duration most, String what)
      throws InterruptedException {
    try {
      stage.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("Could not {} within {}", what, most);
    }
  }
}
