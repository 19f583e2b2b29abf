package io.divvy.node.cli;

import io.divvy.node.model.Fleet;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a command early when the JVM is told to stop (SIGINT, SIGTERM, SIGHUP), and gives it a
 * moment to say what it has. The JVM then ends by itself, with the exit code of the signal.
 *
 * <p>A second SIGINT ends the JVM at once, whatever there still is to say.
 *
 * <p>The command's own thread does all the saying, once; the hook only asks and waits.
 */
final class Interrupts implements AutoCloseable {

  private static final long ASK_AGAIN_MILLIS = 250;

  private final Thread command = Thread.currentThread();
  private final CountDownLatch said = new CountDownLatch(1);
  private final Duration patience;
  private final Thread hook = new Thread(this::interrupt, "divvy-interrupt");
  private final CtrlC ctrlC;
  private volatile boolean requested;
  private Runnable ask = command::interrupt;

  private Interrupts(Duration patience) {
    this.patience = patience;
    this.ctrlC = CtrlC.listen();
  }

  /** Listens from now on; told to stop, the command gets {@code patience} to say what it has. */
  static Interrupts listen(Duration patience) {
    Interrupts interrupts = new Interrupts(patience);
    try {
      Runtime.getRuntime().addShutdownHook(interrupts.hook);
    } catch (IllegalStateException e) {
      // The signal was faster.
      interrupts.requested = true;
    }
    return interrupts;
  }

  /** Whether to stop. */
  boolean requested() {
    return requested;
  }

  /** The command starts something: its thread is interrupted when it is to stop. */
  synchronized void starting() {
    ask = command::interrupt;
  }

  /** The fleet works: it is asked to end its run. */
  synchronized void working(Fleet fleet) {
    ask = fleet::interrupt;
  }

  /** The command says what it has, and is left alone. */
  synchronized void saying() {
    ask = () -> {};
    Thread.interrupted();
  }

  /** What there is has been said: the JVM may end. */
  @Override
  public void close() {
    saying();
    said.countDown();
    if (!requested) {
      ctrlC.close();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It runs already, and ends at once.
      }
    }
  }

  /** What the hook does. */
  void interrupt() {
    requested = true;
    Optional<String> culprit = Culprit.words();
    culprit.ifPresent(words -> System.err.println("divvy: " + words));
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      do {
        // Again and again: the first time may have been just before the run began.
        askToStop();
      } while (!said.await(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
          && System.nanoTime() < deadline);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (culprit.isPresent()) {
      // Whatever the function asked for, zero say: not all is done.
      Runtime.getRuntime().halt(ExitCodes.FAILED);
    }
  }

  private synchronized void askToStop() {
    ask.run();
  }
}
