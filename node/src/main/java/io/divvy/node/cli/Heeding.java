package io.divvy.node.cli;

import io.divvy.coordinator.event.JobEvent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Ends a command when somebody elsewhere asks for that, on this machine or through a node: as the
 * first Ctrl-C does, once, and saying who asked.
 */
final class Heeding {

  private final Consumer<String> note;
  private final Runnable end;
  private final AtomicBoolean asked = new AtomicBoolean();

  /** For a command that says what it has to say on this console. */
  static Heeding on(Session session) {
    // The hooks of the JVM do the rest; whoever asks must not wait for them.
    return new Heeding(
        session.console()::note,
        () -> new Thread(() -> System.exit(ExitCodes.INTERRUPTED), "divvy-exit").start());
  }

  Heeding(Consumer<String> note, Runnable end) {
    this.note = note;
    this.end = end;
  }

  /** Somebody asks. */
  void end(String by) {
    if (!asked.getAndSet(true)) {
      note.accept("cancelled from elsewhere, by " + by);
      end.run();
    }
  }

  /** The same listener, and the run ends when a node was asked to have it ended. */
  Consumer<JobEvent> before(Consumer<JobEvent> listener) {
    return event -> {
      if (event instanceof JobEvent.CancelAsked cancel) {
        end(cancel.by() + ", through node " + cancel.node());
      }
      listener.accept(event);
    };
  }
}
