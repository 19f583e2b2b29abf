package io.divvy.coordinator.event;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Tells a listener of events on a thread of its own. A listener that falls behind (a terminal that
 * was stopped, say) misses progress, never anything else, and holds nobody up.
 */
public final class Listening implements Consumer<JobEvent> {

  private static final int PATIENCE = 10_000;

  private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
  private final Consumer<JobEvent> listener;
  private final Thread thread;

  public Listening(Consumer<JobEvent> listener) {
    this.listener = listener;
    this.thread = new Thread(this::listen, "divvy-events");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void accept(JobEvent event) {
    boolean small =
        event instanceof JobEvent.Progressed
            || event instanceof JobEvent.Downloading
            || event instanceof JobEvent.Counted;
    if (!small || waiting.size() < PATIENCE) {
      waiting.add(() -> listener.accept(event));
    }
  }

  /** Waits until everything was told. */
  public void finish() throws InterruptedException {
    waiting.add(thread::interrupt);
    thread.join();
  }

  private void listen() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        waiting.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
