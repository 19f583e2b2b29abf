package io.divvy.node.drill;

/** What can be made to fail; the words are those of {@code --drill}. */
public enum Fault {
  /** The process of a node is killed. */
  KILL_WORKER("kill-worker"),
  /** The process of a node is stopped, and woken up again. */
  PAUSE_WORKER("pause-worker"),
  /** The command itself is killed, and started again. */
  KILL_COORDINATOR("kill-coordinator");

  private final String word;

  Fault(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }
}
