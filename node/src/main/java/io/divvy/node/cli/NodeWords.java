package io.divvy.node.cli;

import io.divvy.node.input.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code divvy node} was asked to be.
 *
 * @param host the address to bind and be reached by; empty: the one of the settings
 * @param port the port to listen on, 0 for any; empty: the one of the settings, or the next free
 *     one
 * @param join members of the cluster to join; empty: those of this user that are known
 * @param workers how many workers to offer; empty: one for each usable core
 * @param name unique in the cluster; empty: one is made up
 * @param found found a cluster although the known members cannot be reached
 * @param insecure listen where strangers reach it, too
 * @param json print the start-up line as JSON on stdout
 * @param child be the node of the command that holds the other end of stdin, and end with it
 */
public record NodeWords(
    Optional<String> host,
    OptionalInt port,
    List<HostPort> join,
    OptionalInt workers,
    Optional<String> name,
    boolean found,
    boolean insecure,
    boolean json,
    boolean child) {

  public NodeWords {
    join = List.copyOf(join);
  }
}
