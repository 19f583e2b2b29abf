package io.divvy.node.cli;

/**
 * The end of the JVM. One that a signal has begun is left to end by itself: a second {@link
 * System#exit} while the last steps of the first are taken may win, and the exit code would no
 * longer say which signal it was.
 */
public final class Ending {

  private Ending() {}

  /** Ends the JVM with this exit code, unless it is ending with another; then it returns. */
  public static void with(int code) {
    if (!isUnderWay()) {
      System.exit(code);
    }
  }

  private static boolean isUnderWay() {
    Thread probe = new Thread(() -> {}, "divvy-probe");
    try {
      // The JVM tells in no other way.
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
