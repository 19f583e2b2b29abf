package io.divvy.coordinator.download;

/** A URL that was read and has not ended; owned by {@link Sharing}. */
final class Item {

  /** Where an item is on its way. */
  enum State {
    /** It waits for its turn, or for a while before its next try. */
    WAITING,
    /** One attempt holds it. */
    UNDER_WAY,
    /** It has ended; whatever still refers to it forgets it. */
    COUNTED
  }

  final Entry.Wanted entry;
  State state = State.WAITING;

  /** How often it was handed out. */
  int attempts;

  /** How many of these ended in a failure of its own. */
  int failedTries;

  /** How many of these were lost with their node or their lease. */
  int losses;

  /** Its latest attempt. */
  long attempt;

  /** When it may be tried again, and the node that should not do it if another can. */
  long notBefore;

  String avoid = "";

  Item(Entry.Wanted entry) {
    this.entry = entry;
  }

  long index() {
    return entry.item();
  }

  String host() {
    return entry.host();
  }
}
