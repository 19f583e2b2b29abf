package io.divvy.node.download.fetch;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends one transfer from another thread: whatever it waits for, it waits no longer. */
final class Stop {
  private @Nullable Cause why;
  private Runnable waiting = () -> {};

  synchronized void because(Cause cause) {
    if (why == null) {
      why = cause;
    }
    waiting.run();
  }

  /** What the transfer waits for from now on, and how to end that. */
  synchronized void ends(Runnable action) {
    waiting = action;
    if (why != null) {
      action.run();
    }
  }

  synchronized Optional<Cause> why() {
    return Optional.ofNullable(why);
  }
}
