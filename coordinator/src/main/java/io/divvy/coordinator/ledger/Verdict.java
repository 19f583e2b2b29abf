package io.divvy.coordinator.ledger;

/** What the ledger makes of a result. */
public enum Verdict {
  /** All its items are counted now, and none was before. */
  ACCEPTED,
  /** The item failed and is queued again. */
  RETRY,
  /** The item failed, and its retries are used up. */
  FAILED,
  /** It changes nothing that was counted: drop it. */
  DUPLICATE
}
