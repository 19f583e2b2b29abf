package io.divvy.node.cli;

/** A program that would end with an exit code of its own while a signal ends it. */
final class LateEnding {

  private LateEnding() {}

  public static void main(String[] words) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Ending.with(ExitCodes.INTERRUPTED)));
    System.out.println("started");
    Thread.sleep(Long.MAX_VALUE);
  }
}
