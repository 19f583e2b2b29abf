package io.divvy.node.hardware;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import oshi.SystemInfo;

/** The door to OSHI, which logs much that is of no use to the reader of one command. */
final class Oshi {

  private Oshi() {}

  /** OSHI, silenced. Its first use takes a good part of a second, and fails without JNA. */
  static SystemInfo start() {
    if (LoggerFactory.getLogger("oshi") instanceof Logger oshi) {
      oshi.setLevel(Level.OFF);
    }
    return new SystemInfo();
  }
}
