package io.divvy.node.download.fetch;

/** Ends one fetch from another thread, at once: its connection is closed. */
public final class Cancellation {
  private boolean requested;
  private Runnable stop = () -> {};

  /** May be called at any time, also before the fetch begins, and again. */
  public synchronized void request() {
    requested = true;
    stop.run();
  }

  synchronized void whenRequested(Runnable action) {
    stop = action;
    if (requested) {
      action.run();
    }
  }
}
