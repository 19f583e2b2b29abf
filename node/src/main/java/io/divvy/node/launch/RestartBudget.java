package io.divvy.node.launch;

import java.time.Duration;

/**
 * How often in a row a process may die without having done anything before it is given up. That it
 * was killed from elsewhere weighs a third of an end of its own: the next may be let live.
 */
public final class RestartBudget {

  private static final int OWN_END = 3;
  private static final int KILLED = 1;

  private final int most;
  private final Duration longLife;
  private int spent;

  /**
   * A budget of which nothing is spent.
   *
   * @param deaths with the last of so many ends in a row it is spent; at least 1
   * @param longLife who lived so long did something
   */
  public RestartBudget(int deaths, Duration longLife) {
    if (deaths < 1) {
      throw new IllegalArgumentException("deaths must be at least 1, got " + deaths);
    }
    this.most = deaths * OWN_END;
    this.longLife = longLife;
  }

  /** The process did something worth its start. */
  public synchronized void progressed() {
    spent = 0;
  }

  /**
   * The process died, after it lived so long.
   *
   * @param killed whether it was killed from elsewhere
   * @return whether to start it again
   */
  public synchronized boolean died(Duration lived, boolean killed) {
    int before = lived.compareTo(longLife) >= 0 ? 0 : spent;
    spent = before + (killed ? KILLED : OWN_END);
    return spent < most;
  }
}
