package io.divvy.config;

/**
 * Where a node listens.
 *
 * @param host the address it binds and is reached by
 * @param port the port for messages; the first to try when none is asked for
 */
public record NodeSettings(String host, int port) {

  public NodeSettings {
    new Checks("divvy.node")
        .holds(!host.isBlank(), "host", "empty", "a host name or an address such as 127.0.0.1")
        .holds(port >= 1 && port <= 65535, "port", Integer.toString(port), "1 to 65535")
        .done();
  }

  static NodeSettings from(Reader reader) {
    return new NodeSettings(reader.text("node.host"), reader.integer("node.port"));
  }
}
