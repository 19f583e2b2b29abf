package io.divvy.config;

import java.time.Duration;

/**
 * Where a node listens, and how it ends.
 *
 * @param host the address it binds and is reached by
 * @param port the port for messages; the first to try when none is asked for
 * @param drainTimeout how long it waits, when told to end, until all it computes is given back
 * @param leaveTimeout how long its leave of the other nodes may take then
 */
public record NodeSettings(String host, int port, Duration drainTimeout, Duration leaveTimeout) {

  public NodeSettings {
    new Checks("divvy.node")
        .holds(!host.isBlank(), "host", "empty", "a host name or an address such as 127.0.0.1")
        .holds(port >= 1 && port <= 65535, "port", Integer.toString(port), "1 to 65535")
        .atLeast("drain-timeout", drainTimeout, Duration.ZERO)
        .atLeast("leave-timeout", leaveTimeout, Duration.ZERO)
        .done();
  }

  static NodeSettings from(Reader reader) {
    return new NodeSettings(
        reader.text("node.host"),
        reader.integer("node.port"),
        reader.duration("node.drain-timeout"),
        reader.duration("node.leave-timeout"));
  }
}
