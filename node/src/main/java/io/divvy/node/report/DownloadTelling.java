package io.divvy.node.report;

import io.divvy.config.ProgressSettings;
import io.divvy.coordinator.event.JobEvent;
import org.jspecify.annotations.Nullable;

/** Tells a person how far a download is, while it lasts; it only listens. */
public final class DownloadTelling implements Teller {

  /** A run that is over sooner needs no progress. */
  private static final long SHORT_RUN_NANOS = 1_000_000_000L;

  private final Console console;
  private final Telling.Detail detail;
  private final long intervalNanos;
  private final long startedNanos = System.nanoTime();
  private final Thread thread = new Thread(this::tellUntilClosed, "divvy-telling");
  private volatile JobEvent.@Nullable Downloading latest;
  private volatile boolean closed;

  public DownloadTelling(Console console, Telling.Detail detail, ProgressSettings settings) {
    this.console = console;
    this.detail = detail;
    this.intervalNanos =
        (console.terminal() ? settings.terminalInterval() : settings.lineInterval()).toNanos();
    thread.setDaemon(true);
  }

  /** Starts to tell. */
  public DownloadTelling start() {
    if (detail != Telling.Detail.QUIET) {
      thread.start();
    }
    return this;
  }

  @Override
  public void accept(JobEvent event) {
    if (event instanceof JobEvent.Downloading downloading) {
      latest = downloading;
    } else if (event instanceof JobEvent.Started started) {
      if (detail == Telling.Detail.VERBOSE) {
        console.note("run " + started.run().run());
      }
    } else if (NodeLines.told(event, detail)) {
      NodeLines.of(event).ifPresent(console::note);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      // A stderr that nobody reads must not keep the command from ending.
      thread.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    console.clearBar();
  }

  private void tellUntilClosed() {
    while (!closed) {
      try {
        Thread.sleep(intervalNanos / 1_000_000, (int) (intervalNanos % 1_000_000));
      } catch (InterruptedException e) {
        return;
      }
      JobEvent.Downloading state = latest;
      if (state != null && System.nanoTime() - startedNanos >= SHORT_RUN_NANOS) {
        if (console.terminal()) {
          console.bar(DownloadText.bar(state));
        } else {
          console.note(DownloadText.progress(state));
        }
      }
    }
  }
}
