package io.divvy.node.member;

/**
 * What the registry knows of a node.
 *
 * @param name the node's name
 * @param address HOST:PORT for messages
 * @param pid its process
 * @param start when that process started, as {@link io.divvy.node.boot.Machine#startOf} tells it
 * @param machine where it runs, as {@link io.divvy.node.boot.Machine#id} tells it
 * @param since when it took this state, in milliseconds since 1970
 * @param state whether it belongs to a cluster
 */
record Entry(
    String name,
    String address,
    long pid,
    String start,
    String machine,
    long since,
    Entry.State state) {

  /** Whether a node may be joined through. */
  enum State {
    /** It looks for a cluster. Nobody waits for it. */
    JOINING,
    /** It belongs to a cluster, or is about to found one. */
    UP
  }

  /** What can be told of a node's process without asking the node. */
  enum Life {
    ALIVE,
    DEAD,
    /** It runs on another machine. */
    UNKNOWN
  }

  Entry up(long now) {
    return new Entry(name, address, pid, start, machine, now, State.UP);
  }

  /** {@code name (address, pid 1, since …)}, for people. */
  String text() {
    return name + " at " + address + " (pid " + pid + ", since " + Since.text(since) + ")";
  }
}
