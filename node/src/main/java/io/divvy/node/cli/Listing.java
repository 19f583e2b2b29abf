package io.divvy.node.cli;

import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.boot.Home;
import io.divvy.node.member.Runs;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Keeps a command's run on the list of the user's runs, so that others can cancel it. */
final class Listing implements AutoCloseable {

  private final Session session;
  private final String what;
  private final Runs runs;
  private Runs.@Nullable Listed listed;
  private boolean closed;

  /**
   * A run that has not begun.
   *
   * @param what its job, in words
   */
  Listing(Session session, String what) {
    this.session = session;
    this.what = what;
    this.runs = new Runs(Home.of(session.environment()));
  }

  /** The same listener, and the run is listed once it has begun. */
  Consumer<JobEvent> before(Consumer<JobEvent> listener) {
    return event -> {
      if (event instanceof JobEvent.Started started) {
        list(started.run().run());
      }
      listener.accept(event);
    };
  }

  private synchronized void list(String run) {
    if (closed || listed != null) {
      return;
    }
    try {
      listed = runs.list(run, what, this::onCancelled);
    } catch (IOException e) {
      // The run goes on all the same; only nobody will find it.
      LoggerFactory.getLogger(Listing.class).warn("Cannot list run [{}]: {}", run, e.toString());
    }
  }

  /** As the first Ctrl-C: the hooks of the JVM do the rest. */
  private void onCancelled() {
    session.console().note("cancelled from elsewhere, by 'divvy cancel'");
    System.exit(ExitCodes.INTERRUPTED);
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
