package io.divvy.node.launch;

import java.time.Duration;

/** How often in a row a process may die without having done anything before it is given up. */
public final class RestartBudget {

  private final int deaths;
  private final Duration longLife;
  private int inARow;

  /**
   * A budget of which nothing is spent.
   *
   * @param deaths with the last of so many in a row it is spent; at least 1
   * @param longLife who lived so long did something
   */
  public RestartBudget(int deaths, Duration longLife) {
    if (deaths < 1) {
      throw new IllegalArgumentException("deaths must be at least 1, got " + deaths);
    }
    this.deaths = deaths;
    this.longLife = longLife;
  }

  /** The process did something worth its start. */
  public synchronized void progressed() {
    inARow = 0;
  }

  /**
   * The process died, after it lived so long.
   *
   * @return whether to start it again
   */
  public synchronized boolean died(Duration lived) {
    inARow = lived.compareTo(longLife) >= 0 ? 1 : inARow + 1;
    return inARow < deaths;
  }
}
