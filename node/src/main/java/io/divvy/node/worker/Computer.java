package io.divvy.node.worker;

import io.divvy.protocol.Result;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The compute thread of one slot: takes tasks from its inbox, and puts results into the outbox of
 * their stint. Its methods are called by others and never wait.
 *
 * <p>An outbox is emptied when the inbox is: while tasks wait, results of small ones are gathered.
 */
final class Computer {

  private sealed interface Order {}

  private record Begin(Stint stint) implements Order {}

  private record Compute(Stint stint, Task task) implements Order {}

  private record End(Stint stint) implements Order {}

  private enum Leave implements Order {
    INSTANCE
  }

  private final BlockingQueue<Order> inbox = new LinkedBlockingQueue<>();
  private final LongSupplier nanoTime;
  private final Consumer<Throwable> broken;
  private final Thread thread;

  private final Object interrupting = new Object();
  // Guarded by interrupting: an interrupt reaches the stint it is meant for, and no other.
  private @Nullable Stint inHand;

  /**
   * A thread that is not yet started.
   *
   * @param broken told when the thread dies: the JVM is out of memory, or there is a bug. What it
   *     died of is thrown on to the uncaught exception handler.
   */
  Computer(String name, LongSupplier nanoTime, Consumer<Throwable> broken) {
    this.nanoTime = nanoTime;
    this.broken = broken;
    this.thread = new Thread(this::work, name);
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** What follows belongs to this stint. */
  void begin(Stint stint) {
    inbox.add(new Begin(stint));
  }

  void compute(Stint stint, Task task) {
    inbox.add(new Compute(stint, task));
  }

  /** Nothing more will come for this stint. */
  void end(Stint stint) {
    inbox.add(new End(stint));
  }

  /** Drops what the stint has in the inbox, and interrupts what it has in hand. */
  void cancel(Stint stint) {
    stint.cancel();
    inbox.removeIf(order -> order instanceof Compute compute && compute.stint() == stint);
    synchronized (interrupting) {
      if (inHand == stint) {
        thread.interrupt();
      }
    }
  }

  /** Ends the thread after what it has in hand. */
  void leave() {
    inbox.clear();
    inbox.add(Leave.INSTANCE);
    synchronized (interrupting) {
      if (inHand != null) {
        cancel(inHand);
      }
    }
  }

  private void work() {
    try (ThreadClock thread = ThreadClock.ofCurrentThread()) {
      SlotClock clock = new SlotClock(nanoTime, thread, now());
      @Nullable Computation computation = null;
      while (true) {
        Order order = next(clock);
        if (order instanceof Begin begin) {
          Stint stint = begin.stint();
          clock = new SlotClock(nanoTime, thread, stint.grantedAt());
          computation = stint.computation(clock);
        } else if (order instanceof Compute compute && computation != null) {
          compute(compute.stint(), compute.task(), computation, clock);
        } else if (order instanceof End end) {
          end.stint().outbox().send();
          end.stint().ended(clock.lap(0));
          computation = null;
        } else if (order == Leave.INSTANCE) {
          return;
        }
      }
    } catch (Throwable e) {
      broken.accept(e);
      throw e;
    }
  }

  private Order next(SlotClock clock) {
    Order waiting = inbox.poll();
    if (waiting != null) {
      return waiting;
    }
    long since = now();
    while (true) {
      try {
        Order order = inbox.take();
        clock.idleSince(since);
        return order;
      } catch (InterruptedException e) {
        // Nobody interrupts an idle thread on purpose.
      }
    }
  }

  private void compute(Stint stint, Task task, Computation computation, SlotClock clock) {
    if (!pickUp(stint)) {
      return;
    }
    try {
      computation.run(task, result -> put(stint, result, clock), stint::cancelled);
    } catch (InterruptedException e) {
      throw new IllegalStateException("the outbox does not let itself be interrupted", e);
    } finally {
      putDown();
    }
    stint.outbox().finished(task.attempt());
    if (inbox.isEmpty()) {
      stint.outbox().send();
    } else {
      stint.outbox().hold();
    }
  }

  private static void put(Stint stint, Result result, SlotClock clock) {
    long since = clock.now();
    if (stint.outbox().add(result)) {
      clock.blockedSince(since);
    }
    if (result.to() != result.end()) {
      stint.outbox().hold();
    }
  }

  private boolean pickUp(Stint stint) {
    synchronized (interrupting) {
      if (stint.cancelled()) {
        return false;
      }
      inHand = stint;
      return true;
    }
  }

  private void putDown() {
    synchronized (interrupting) {
      inHand = null;
      Thread.interrupted();
    }
  }
}
