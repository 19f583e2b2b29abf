package io.divvy.node.member;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asks of a node.
 *
 * @param host where to listen; empty: as the settings say
 * @param port the port for messages, 0 for any; empty: the settings' or the next free one
 * @param join nodes to join, as HOST or HOST:PORT; empty: those that this user runs on this machine
 * @param workers how many workers it offers, at least 1
 * @param name the node's name; empty: one made from its port
 * @param found whether to begin a new cluster when the one that is known does not answer
 * @param insecure whether a host that others reach is meant
 * @param child whether it belongs to the command that started it, and ends with it
 * @param kept there when another process starts it again when it dies, and it ends with that
 *     process: the file it deletes to say that it did something
 * @param json whether to print one JSON line on stdout
 */
public record NodeOptions(
    Optional<String> host,
    OptionalInt port,
    List<String> join,
    int workers,
    Optional<String> name,
    boolean found,
    boolean insecure,
    boolean child,
    Optional<Path> kept,
    boolean json) {
  public NodeOptions {
    join = List.copyOf(join);
  }

  /** To begin anew: no cluster is founded, and these are joined. */
  NodeOptions again(List<String> members) {
    return new NodeOptions(host, port, members, workers, name, false, insecure, child, kept, json);
  }
}
