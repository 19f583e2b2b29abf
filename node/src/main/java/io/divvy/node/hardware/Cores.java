package io.divvy.node.hardware;

/** The cores that this JVM may use. */
public final class Cores {

  private Cores() {}

  /** How many: Java honours the limits of a container and the processors it is bound to. */
  public static int usable() {
    return Runtime.getRuntime().availableProcessors();
  }
}
