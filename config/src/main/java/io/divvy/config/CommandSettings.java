package io.divvy.config;

import java.time.Duration;

/**
 * How patient commands are with nodes.
 *
 * @param reachTimeout give up when no node answered for this long
 * @param startTimeout a node JVM that the command starts has to answer within this time
 */
public record CommandSettings(Duration reachTimeout, Duration startTimeout) {

  public CommandSettings {
    new Checks("divvy.command")
        .atLeast("reach-timeout", reachTimeout, Duration.ofMillis(100))
        .atLeast("start-timeout", startTimeout, Duration.ofMillis(100))
        .done();
  }

  static CommandSettings from(Reader reader) {
    return new CommandSettings(
        reader.duration("command.reach-timeout"), reader.duration("command.start-timeout"));
  }
}
