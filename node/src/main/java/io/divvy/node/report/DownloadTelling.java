package io.divvy.node.report;

import io.divvy.config.ProgressSettings;
import io.divvy.coordinator.event.JobEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells a person how far a download is, while it lasts; it only listens. */
public final class DownloadTelling implements Consumer<JobEvent>, AutoCloseable {

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
    } else if (detail == Telling.Detail.QUIET) {
      return;
    } else if (event instanceof JobEvent.NodeRefused refused) {
      console.note("node " + refused.node() + " does not take part: " + refused.why());
    } else if (event instanceof JobEvent.NodeGone gone
        && (!gone.expected() || detail == Telling.Detail.VERBOSE)) {
      console.note(
          "node " + gone.node() + (gone.expected() ? " has left: " : " is lost: ") + gone.why());
    } else if (event instanceof JobEvent.NodeJoined joined && detail == Telling.Detail.VERBOSE) {
      console.note("node " + joined.node().name() + " takes part: pid " + joined.node().pid());
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
