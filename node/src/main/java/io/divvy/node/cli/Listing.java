package io.divvy.node.cli;

import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.boot.Home;
import io.divvy.node.member.Runs;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Keeps a command's run on the list of the user's runs, so that others can cancel it, and ends it
 * when they do, through the list or through a node.
 */
final class Listing implements AutoCloseable {

  private final String what;
  private final Runs runs;
  private final Heeding heeding;
  private Runs.@Nullable Listed listed;
  private boolean closed;

  /**
   * A run that has not begun.
   *
   * @param what its job, in words
   */
  Listing(Session session, String what) {
    this.heeding = Heeding.on(session);
    this.what = what;
    this.runs = new Runs(Home.of(session.environment()));
  }

  /** The same listener, and the run is listed once it has begun. */
  Consumer<JobEvent> before(Consumer<JobEvent> listener) {
    return heeding.before(
        event -> {
          if (event instanceof JobEvent.Started started) {
            list(started.run().run());
          }
          listener.accept(event);
        });
  }

  private synchronized void list(String run) {
    if (closed || listed != null) {
      return;
    }
    try {
      listed = runs.list(run, what, () -> heeding.end("'divvy cancel'"));
    } catch (IOException e) {
      // The run goes on all the same; only nobody will find it.
      LoggerFactory.getLogger(Listing.class).warn("Cannot list run [{}]: {}", run, e.toString());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (listed != null) {
      listed.close();
      listed = null;
    }
  }
}
