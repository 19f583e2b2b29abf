package io.divvy.coordinator;

import io.divvy.coordinator.ledger.Blame;

/** What is known of a node that is gone. */
public enum NodeEnd {
  /** Nobody hears it; it may wake up. */
  SILENT(Blame.NONE),

  /** Its process was killed by a signal from elsewhere. */
  KILLED(Blame.LITTLE),

  /** Its process ended, for all one can tell by what it computed. */
  ENDED(Blame.FULL);

  private final Blame blame;

  NodeEnd(Blame blame) {
    this.blame = blame;
  }

  /** Whether its process has ended for sure. */
  public boolean exited() {
    return this != SILENT;
  }

  Blame blame() {
    return blame;
  }
}
