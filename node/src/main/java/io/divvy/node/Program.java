package io.divvy.node;

import io.divvy.config.DivvySettings;
import io.divvy.job.JobKind;
import io.divvy.node.agent.Agent;
import io.divvy.node.boot.Logging;
import io.divvy.node.cli.Engine;
import io.divvy.node.cli.Version;
import io.divvy.node.download.Fetching;
import io.divvy.node.download.transfer.Fetchers;
import io.divvy.node.download.transfer.Transfers;
import io.divvy.node.hardware.Cores;
import io.divvy.node.hardware.Machine;
import io.divvy.node.hardware.MachineId;
import io.divvy.node.hardware.Memory;
import io.divvy.node.input.HostPort;
import io.divvy.node.input.UsageException;
import io.divvy.node.kinds.Kinds;
import io.divvy.node.member.NodeActors;
import io.divvy.node.member.NodeFacts;
import io.divvy.node.member.NodeOptions;
import io.divvy.node.member.NodeProgram;
import io.divvy.node.model.AskedRuns;
import io.divvy.node.model.ClusterRuns;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Fleets;
import io.divvy.node.model.Model;
import io.divvy.node.model.Workforce;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.NodeInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.slf4j.LoggerFactory;

/** What the commands stand on, put together: this JVM, its kinds, its agent. */
final class Program implements Engine {

  /** Of all downloads together that a node takes part in. */
  private static final int MOST_TRANSFERS = 512;

  private Optional<Path> log = Optional.empty();

  @Override
  public Fleet start(
      Model model, Workforce workforce, DivvySettings settings, List<String> childArguments)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
    if (log.isEmpty()) {
      log = Logging.start("command");
    }
    Kinds kinds = kinds();
    return new Fleets(settings, facts(kinds), actors(settings, kinds), fetchers(), childArguments)
        .start(model, workforce);
  }

  @Override
  public ClusterRuns runs(List<HostPort> addresses, Optional<String> host, DivvySettings settings)
      throws Fleet.UnreachableException, IOException, InterruptedException {
    if (log.isEmpty()) {
      log = Logging.start("command");
    }
    return AskedRuns.at(addresses, host, settings);
  }

  @Override
  public int node(NodeOptions options, DivvySettings settings)
      throws UsageException, InterruptedException {
    Kinds kinds = kinds();
    return NodeProgram.run(options, settings, facts(kinds), actors(settings, kinds));
  }

  @Override
  public Machine machine() {
    return Machine.read();
  }

  @Override
  public int usableCores() {
    return Cores.usable();
  }

  @Override
  public Optional<Path> log(Throwable failure) {
    if (log.isEmpty()) {
      log = Logging.start("command");
    }
    LoggerFactory.getLogger(Program.class).error("The command failed", failure);
    return log;
  }

  private static Kinds kinds() throws UsageException {
    return Kinds.of(Program.class.getClassLoader());
  }

  private static NodeFacts facts(Kinds kinds) {
    return new NodeFacts(Version.text(), MachineId.current(), Cores.usable(), kinds.fingerprints());
  }

  private static NodeActors actors(DivvySettings settings, Kinds kinds) {
    return new NodeActors(node -> agent(node, settings, kinds), node -> transfers(node, settings));
  }

  private static Fetchers fetchers() {
    return new Fetching(Path.of(System.getProperty("java.io.tmpdir")), System.getenv());
  }

  private static Behavior<Transfers.Command> transfers(NodeInfo node, DivvySettings settings) {
    Memory memory = new Memory();
    return Transfers.create(
        new Transfers.Settings(
            settings.leases(), settings.results().resendInterval(), MOST_TRANSFERS),
        new Transfers.Machine(
            node.name(), fetchers(), () -> memory.bytes(List.of(node.pid())), System::nanoTime));
  }

  private static Behavior<Agent.Command> agent(NodeInfo node, DivvySettings settings, Kinds kinds) {
    Memory memory = new Memory();
    return Agent.create(
        node,
        new Agent.Settings(settings.leases(), settings.slots(), settings.results()),
        new Agent.Machine(
            job -> kind(kinds, job), () -> memory.bytes(List.of(node.pid())), System::nanoTime));
  }

  private static JobKind kind(Kinds kinds, JobSpec job) {
    try {
      return kinds.create(job.kind(), job.parameters());
    } catch (UsageException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
