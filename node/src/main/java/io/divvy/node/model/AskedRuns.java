package io.divvy.node.model;

import io.divvy.config.DivvySettings;
import io.divvy.node.boot.Systems;
import io.divvy.node.boot.Systems.CannotStart;
import io.divvy.node.input.HostPort;
import io.divvy.node.model.Fleet.UnreachableException;
import io.divvy.protocol.ToScout;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;

/** The runs of a cluster, found by asking its nodes. */
public final class AskedRuns implements ClusterRuns {

  /** How long a run has to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long LOOK_MILLIS = 100;

  private final ActorSystem<Inquiry.Command> system;
  private final Duration reach;
  private final String by;

  private AskedRuns(ActorSystem<Inquiry.Command> system, Duration reach, String by) {
    this.system = system;
    this.reach = reach;
    this.by = by;
  }

  /**
   * Those of the cluster that has nodes at these addresses.
   *
   * @param host the address of this machine that nodes reach this command by
   * @throws UnreachableException when no node answers at any of them
   */
  public static ClusterRuns at(
      List<HostPort> addresses, Optional<String> host, DivvySettings settings)
      throws UnreachableException, IOException, InterruptedException {
    List<String> answering = Doors.answering(addresses);
    String here = HostPort.address(host.orElse(settings.node().host()));
    ActorSystem<Inquiry.Command> system;
    try {
      system =
          Systems.start(Inquiry.create(answering), Systems.COMMAND, settings.pekko().command(here));
    } catch (CannotStart e) {
      throw new IOException(e.getMessage(), e);
    }
    String by =
        System.getProperty("user.name", "somebody")
            + " at "
            + here
            + ", pid "
            + ProcessHandle.current().pid();
    AskedRuns runs = new AskedRuns(system, settings.command().reachTimeout(), by);
    boolean reached = false;
    try {
      runs.ask("");
      reached = true;
      return runs;
    } catch (TimeoutException e) {
      throw Doors.silent(answering, settings.command().reachTimeout());
    } finally {
      if (!reached) {
        runs.close();
      }
    }
  }

  @Override
  public List<Led> led(String beginning) throws InterruptedException {
    try {
      return ask(beginning).values().stream()
          .map(run -> new Led(run.run().run(), run.what(), run.from()))
          .toList();
    } catch (TimeoutException e) {
      return List.of(); // they answered a moment ago, and are gone
    }
  }

  @Override
  public boolean cancel(Led led) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      Map<String, ToScout.Run> found = ask(led.run());
      while (found.containsKey(led.run())) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        // Again and again: messages may be lost, and hearing it twice is harmless.
        system.tell(new Inquiry.Cancel(found.get(led.run()).run(), by));
        Thread.sleep(LOOK_MILLIS);
        Inquiry.Ask ask = asked(led.run());
        found = get(ask.all(), Duration.ofNanos(deadline - System.nanoTime()));
      }
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      Systems.stop(system, 1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What all nodes say, or those that do not take much longer than the first. */
  private Map<String, ToScout.Run> ask(String beginning)
      throws InterruptedException, TimeoutException {
    Inquiry.Ask ask = asked(beginning);
    get(ask.one(), reach);
    try {
      return get(ask.all(), Fleets.OTHERS);
    } catch (TimeoutException e) {
      return get(asked(beginning).all(), reach); // those who are silent are not waited for again
    }
  }

  private Inquiry.Ask asked(String beginning) {
    Inquiry.Ask ask =
        new Inquiry.Ask(beginning, new CompletableFuture<>(), new CompletableFuture<>());
    system.tell(ask);
    return ask;
  }

  /** By their ids. */
  private static Map<String, ToScout.Run> get(
      CompletableFuture<List<ToScout.Run>> answered, Duration patience)
      throws InterruptedException, TimeoutException {
    try {
      Map<String, ToScout.Run> runs = new TreeMap<>();
      answered
          .get(patience.toNanos(), TimeUnit.NANOSECONDS)
          .forEach(run -> runs.put(run.run().run(), run));
      return runs;
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking for runs failed", e.getCause());
    }
  }
}
