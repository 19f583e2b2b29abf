package io.divvy.node.model;

import java.util.Locale;

/** Where the workers of a run live. */
public enum Model {
  /** One plain thread of the command's JVM, no actors. */
  SEQUENTIAL,
  /** Worker actors in the command's JVM. */
  THREADS,
  /** Node JVMs that the command starts here and stops again. */
  PROCESSES,
  /** Nodes that already run, here or elsewhere. */
  CLUSTER;

  /** The word on the command line and in the JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
