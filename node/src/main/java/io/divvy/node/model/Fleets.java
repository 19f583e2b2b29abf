package io.divvy.node.model;

import com.typesafe.config.Config;
import io.divvy.config.DivvySettings;
import io.divvy.coordinator.NodeEnd;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.boot.Systems;
import io.divvy.node.boot.Systems.CannotStart;
import io.divvy.node.download.transfer.Fetchers;
import io.divvy.node.hardware.Cores;
import io.divvy.node.hardware.PeakMemory;
import io.divvy.node.input.HostPort;
import io.divvy.node.launch.ChildJvm;
import io.divvy.node.launch.ChildOptions;
import io.divvy.node.launch.Children;
import io.divvy.node.launch.Death;
import io.divvy.node.launch.NodeAddress;
import io.divvy.node.member.Liveness;
import io.divvy.node.member.NodeActors;
import io.divvy.node.member.NodeFacts;
import io.divvy.node.model.Fleet.UnreachableException;
import io.divvy.protocol.NodeInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Starts the workers of a model.
 *
 * @param settings all settings
 * @param facts what this program tells of itself
 * @param actors those of this JVM as a node, for the model {@code threads}
 * @param fetchers what one plain thread fetches files with
 * @param childArguments what JVMs that are started are told beside their names
 */
public record Fleets(
    DivvySettings settings,
    NodeFacts facts,
    NodeActors actors,
    Fetchers fetchers,
    List<String> childArguments) {

  /** How long to wait for further nodes once one has answered. */
  static final Duration OTHERS = Duration.ofSeconds(1);

  /**
   * Starts them and waits until they can take work.
   *
   * @throws UnreachableException when no node of a cluster can be reached
   * @throws IOException when something cannot be started here
   */
  public Fleet start(Model model, Workforce workforce)
      throws UnreachableException, IOException, InterruptedException {
    long begun = System.nanoTime();
    return switch (model) {
      case SEQUENTIAL ->
          new SequentialFleet(settings, here(1), new PeakMemory(), scratch(), fetchers);
      case THREADS -> threads(workforce, begun);
      case PROCESSES -> processes(workforce, begun);
      case CLUSTER -> cluster(workforce, begun);
    };
  }

  /** How many slots a command uses that starts its own workers and was not told. */
  private static int workers(Workforce workforce) {
    return workforce.workers().orElse(Math.max(Cores.usable(), workforce.nodes().orElse(1)));
  }

  /** How the slots are spread over the JVMs that are started: one number for each. */
  private static List<Integer> slotsOfChildren(Workforce workforce) {
    int workers = workers(workforce);
    int nodes = Math.min(workforce.nodes().orElse(workers), workers);
    List<Integer> slots = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      slots.add(workers / nodes + (node < workers % nodes ? 1 : 0));
    }
    return slots;
  }

  private NodeInfo here(int slots) {
    return new NodeInfo(
        "n1",
        "",
        ProcessHandle.current().pid(),
        slots,
        facts.machine(),
        facts.cores(),
        0,
        facts.version(),
        facts.kinds());
  }

  private static Path scratch() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private Fleet threads(Workforce workforce, long begun) throws IOException, InterruptedException {
    Liveness liveness = Liveness.links();
    PeakMemory memory = new PeakMemory();
    memory.watch(ProcessHandle.current().pid());
    ActorSystem<Roster.Command> system =
        system(liveness, Systems.COMMAND, settings.pekko().local());
    NodeInfo node = here(workers(workforce));
    system.tell(new Roster.Host(node, actors));
    return fleet(Model.THREADS, system, memory, event -> {}, liveness::close, begun);
  }

  private Fleet processes(Workforce workforce, long begun)
      throws UnreachableException, IOException, InterruptedException {
    String host = host(workforce);
    Children children = new Children(settings.command().startTimeout());
    Liveness liveness = Liveness.links();
    PeakMemory memory = new PeakMemory();
    memory.watch(ProcessHandle.current().pid());
    boolean started = false;
    try {
      List<ChildJvm> first = new ArrayList<>();
      for (int slots : slotsOfChildren(workforce)) {
        String name = "n" + (first.size() + 1);
        first.add(
            children.start(new ChildOptions(name, slots, host, workforce.heap(), childArguments)));
      }
      first.forEach(child -> memory.watch(child.pid()));
      // The children load their classes while this JVM does.
      ActorSystem<Roster.Command> system =
          system(liveness, Systems.COMMAND, settings.pekko().command(host));
      for (ChildJvm child : first) {
        NodeAddress address = get(child.ready());
        system.tell(new Roster.Born(child.name(), address.pid(), address.address()));
      }
      children.keep(new Upkeep(system, memory));
      await(system, settings.command().startTimeout());
      started = true;
      return fleet(
          Model.PROCESSES,
          system,
          memory,
          new Credit(children),
          () -> {
            stop(children);
            liveness.close();
          },
          begun);
    } catch (TimeoutException e) {
      throw new UnreachableException(
          "the JVMs that were started did not answer within "
              + settings.command().startTimeout().toSeconds()
              + " s; see the log");
    } finally {
      if (!started) {
        stop(children);
      }
    }
  }

  /** Tells the roster what becomes of children, and counts the memory of those that live. */
  private record Upkeep(ActorSystem<Roster.Command> system, PeakMemory memory)
      implements Children.Watcher {

    @Override
    public void started(long pid) {
      memory.watch(pid);
    }

    @Override
    public void ready(NodeAddress address) {
      system.tell(new Roster.Born(address.name(), address.pid(), address.address()));
    }

    @Override
    public void died(String name, long pid, Death death, boolean restarting) {
      memory.forget(pid);
      system.tell(
          new Roster.Exited(
              name,
              pid,
              death.words(),
              death.fromOutside() ? NodeEnd.KILLED : NodeEnd.ENDED,
              restarting));
    }

    @Override
    public void givenUp(String name, String why) {
      system.tell(new Roster.GivenUp(name, why));
    }
  }

  /** Gives children credit for what the run gained from them. */
  private record Credit(Children children) implements Consumer<JobEvent> {

    @Override
    public void accept(JobEvent event) {
      if (event instanceof JobEvent.Counted counted) {
        children.progressed(counted.node().name(), counted.node().pid());
      } else if (event instanceof JobEvent.ItemFailed
          || (event instanceof JobEvent.Downloading downloading && downloading.done() > 0)) {
        // What killed some is out of the way, and kills no more.
        children.progressed();
      }
    }
  }

  private static void stop(Children children) {
    try {
      children.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Fleet cluster(Workforce workforce, long begun)
      throws UnreachableException, IOException, InterruptedException {
    List<String> answering = Doors.answering(workforce.join());
    Liveness liveness = Liveness.links();
    PeakMemory memory = new PeakMemory();
    memory.watch(ProcessHandle.current().pid());
    ActorSystem<Roster.Command> system =
        system(liveness, Systems.COMMAND, settings.pekko().command(host(workforce)));
    answering.forEach(address -> system.tell(new Roster.Seek(address)));
    try {
      await(system, settings.command().reachTimeout());
    } catch (TimeoutException e) {
      Systems.stop(system, 1, TimeUnit.SECONDS);
      throw Doors.silent(answering, settings.command().reachTimeout());
    }
    return fleet(Model.CLUSTER, system, memory, event -> {}, liveness::close, begun);
  }

  private Fleet fleet(
      Model model,
      ActorSystem<Roster.Command> system,
      PeakMemory memory,
      Consumer<JobEvent> watch,
      Runnable stopNodes,
      long begun) {
    double startSeconds = (System.nanoTime() - begun) / 1e9;
    return new ActorFleet(
        model, settings, system, memory, watch, stopNodes, startSeconds, scratch());
  }

  private String host(Workforce workforce) {
    return HostPort.address(workforce.host().orElse(settings.node().host()));
  }

  private static ActorSystem<Roster.Command> system(Liveness liveness, String name, Config config)
      throws IOException, InterruptedException {
    try {
      return Systems.start(Roster.create(liveness), name, config);
    } catch (CannotStart e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Waits for all nodes that are sought; when some do not answer, for one, and a little longer. */
  private static void await(ActorSystem<Roster.Command> system, Duration patience)
      throws InterruptedException, TimeoutException {
    CompletableFuture<List<NodeInfo>> all = new CompletableFuture<>();
    CompletableFuture<List<NodeInfo>> first = new CompletableFuture<>();
    system.tell(new Roster.Await(all, first));
    try {
      first.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      all.get(OTHERS.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (!first.isDone()) {
        throw e;
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("looking for nodes failed", e.getCause());
    }
  }

  private static NodeAddress get(CompletionStage<NodeAddress> ready)
      throws UnreachableException, InterruptedException {
    try {
      return ready.toCompletableFuture().get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new UnreachableException(
          cause instanceof TimeoutException
              ? "a JVM that was started was not ready in time; see the log"
              : String.valueOf(cause.getMessage()));
    }
  }
}
