package io.divvy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;

/**
 * The settings of Pekko's actor systems, one for each role a JVM can have.
 *
 * @param roles {@code divvy.pekko}, with the groups common, local, remote and member
 */
public record PekkoConfig(Config roles) {
  private static final String HOST = "remote.artery.canonical.hostname";
  private static final String PORT = "remote.artery.canonical.port";
  private static final String BIND_HOST = "remote.artery.bind.hostname";

  /** A command whose workers are threads of its own JVM. */
  public Config local() {
    return over(role("local"));
  }

  /** A command that talks to node JVMs, reached at a port of the system's choice. */
  public Config command(String host) {
    return over(at(host, 0).withFallback(role("remote")));
  }

  /** A node JVM that a command started for itself, reached at a port of the system's choice. */
  public Config child(String host) {
    return command(host);
  }

  /**
   * A node that is a member of the cluster.
   *
   * @param port 0 for one of the system's choice
   */
  public Config member(String host, int port) {
    return over(at(host, port).withFallback(role("member")).withFallback(role("remote")));
  }

  private Config role(String name) {
    return roles.getConfig(name);
  }

  private static Config at(String host, int port) {
    return ConfigFactory.empty()
        .withValue(HOST, ConfigValueFactory.fromAnyRef(host))
        .withValue(BIND_HOST, ConfigValueFactory.fromAnyRef(host))
        .withValue(PORT, ConfigValueFactory.fromAnyRef(port));
  }

  /**
   * Pekko lays this over its own defaults. An application.conf that happens to lie on the class
   * path has no say in it.
   */
  private Config over(Config role) {
    return role.withFallback(role("common")).atPath("pekko");
  }
}
