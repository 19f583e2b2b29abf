package io.divvy.node.model;

import io.divvy.node.input.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The workers a command asks for.
 *
 * @param workers the total of slots, at least 1; empty: as many as there are cores, or all offered
 * @param nodes over how many nodes to spread them, at least 1; empty: all, or one for each worker
 * @param join where to find the nodes of a cluster
 * @param heap the most heap of each JVM that is started, as {@code -Xmx} has it
 * @param host the address of this machine that nodes reach this command by
 */
public record Workforce(
    OptionalInt workers,
    OptionalInt nodes,
    List<HostPort> join,
    Optional<String> heap,
    Optional<String> host) {

  public Workforce {
    join = List.copyOf(join);
  }
}
