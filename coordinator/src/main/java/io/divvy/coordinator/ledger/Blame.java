package io.divvy.coordinator.ledger;

/** How much speaks for it that an item ended the process that computed it. */
public enum Blame {
  /** The process lives, or may live. */
  NONE(0),

  /** Somebody killed the process; it may have been the system, for the memory an item took. */
  LITTLE(3),

  /** The process ended by itself. */
  FULL(10);

  /** An item alone in its chunk is given up at this weight: three ends, or ten kills. */
  static final int ENOUGH = 3 * FULL.weight;

  private final int weight;

  Blame(int weight) {
    this.weight = weight;
  }

  int weight() {
    return weight;
  }
}
