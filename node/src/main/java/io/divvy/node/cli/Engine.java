package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.node.hardware.Machine;
import io.divvy.node.input.HostPort;
import io.divvy.node.input.UsageException;
import io.divvy.node.member.NodeOptions;
import io.divvy.node.model.ClusterRuns;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.Workforce;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the commands stand on. The program has a real one, tests a small one of their own. */
public interface Engine {

  /**
   * Starts the workers of a model and waits until they can take work.
   *
   * @param childArguments what nodes that are started are told beside their names
   */
  Fleet start(Model model, Workforce workforce, DivvySettings settings, List<String> childArguments)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException;

  /**
   * Reaches the nodes at these addresses, to ask which runs they work for.
   *
   * @param host the address of this machine that nodes reach this command by
   */
  ClusterRuns runs(List<HostPort> addresses, Optional<String> host, DivvySettings settings)
      throws Fleet.UnreachableException, IOException, InterruptedException;

  /** Is a node until told to stop. The result is the exit code. */
  int node(NodeOptions options, DivvySettings settings)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException;

  /** The machine this JVM is on. */
  Machine machine();

  /** How many cores this JVM may use; cheaper than {@link #machine()}. */
  int usableCores();

  /** Writes down how Divvy itself failed. The result is the log file, if there is one. */
  Optional<Path> log(Throwable failure);
}
