package io.divvy.node.worker;

import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.Result;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The compute thread of one slot: takes tasks from its inbox, and puts results into the outbox of
 * their stint. Its methods are called by others and never wait.
 *
 * <p>A thread whose item does not stop is given up: another goes on in its place, and whatever the
 * old one may still do is of no effect.
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
  private final String name;
  private final LongSupplier nanoTime;
  private final Consumer<Throwable> broken;

  private final Object interrupting = new Object();
  // Guarded by interrupting: an interrupt reaches the stint it is meant for, and no other.
  private Hand hand;

  /** The present thread, and what it has in hand. */
  private static final class Hand {
    private final Thread thread;
    private @Nullable Stint stint;
    private @Nullable TimeLimit limit;

    Hand(Thread thread) {
      this.thread = thread;
    }
  }

  /**
   * A thread that is not yet started.
   *
   * @param broken told when the thread dies: the JVM is out of memory, or there is a bug. What it
   *     died of is thrown on to the uncaught exception handler.
   */
  Computer(String name, LongSupplier nanoTime, Consumer<Throwable> broken) {
    this.name = name;
    this.nanoTime = nanoTime;
    this.broken = broken;
    this.hand = hand(List.of(), 0);
  }

  /**
   * A thread that is not yet started.
   *
   * @param first what it does before all that is in the inbox
   * @param since from when on the slot's time is its own, 0 for its start
   */
  private Hand hand(List<Order> first, long since) {
    Thread thread = new Thread(() -> work(new ArrayDeque<>(first), since), name);
    thread.setDaemon(true);
    return new Hand(thread);
  }

  void start() {
    synchronized (interrupting) {
      hand.thread.start();
    }
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
      if (hand.stint == stint) {
        hand.thread.interrupt();
      }
    }
  }

  /** Ends the thread after what it has in hand. */
  void leave() {
    inbox.clear();
    inbox.add(Leave.INSTANCE);
    synchronized (interrupting) {
      if (hand.stint != null) {
        cancel(hand.stint);
      }
    }
  }

  /**
   * Gives up a thread that still has something of this stint in hand, although the stint was
   * cancelled; answers whether it was so. A new one goes on with what is in the inbox.
   */
  boolean giveUp(Stint stint) {
    synchronized (interrupting) {
      if (hand.stint != stint) {
        return false;
      }
      replace(List.of(), 0);
      return true;
    }
  }

  /**
   * What the time limit of a stint has shown.
   *
   * @param again in how many nanoseconds to look again
   * @param givenUp the items that were given up, and their thread with them
   */
  record Look(long again, Optional<Interval> givenUp) {}

  /**
   * Interrupts an item of the stint that takes longer than it may. When it does not stop, its
   * thread is given up: the item fails, and a new thread goes on with what follows it. Many items
   * that are computed in one call are computed again block by block.
   */
  Look look(Stint stint) {
    synchronized (interrupting) {
      TimeLimit limit = hand.limit;
      if (hand.stint != stint || limit == null) {
        return new Look(stint.itemNanos(), Optional.empty());
      }
      TimeLimit.Look look = limit.look(now(), hand.thread);
      look.givenUp().ifPresent(call -> goOn(stint, call, limit.failure()));
      return new Look(look.again(), look.givenUp().map(TimeLimit.Call::slice));
    }
  }

  private void goOn(Stint stint, TimeLimit.Call call, Result.Failure failure) {
    long now = now();
    Task task = call.task();
    Interval slice = call.slice();
    if (slice.size() > stint.block()) {
      task.giveBack(call.unsent(), slice.to());
    } else {
      // What was computed before it and is in no result yet is lost with the thread; it is handed
      // out again, since this result does not cover it.
      Durations took = new Durations(0, 0, now - call.lapAt(), 0, 0, 0, 0, 0);
      stint
          .outbox()
          .addAtOnce(
              new Result(
                  task.attempt(),
                  slice.from(),
                  slice.to(),
                  task.end(),
                  new byte[0],
                  true,
                  failure,
                  took));
      stint.outbox().hold();
    }
    replace(List.of(new Begin(stint), new Compute(stint, task)), now);
  }

  private void replace(List<Order> first, long since) {
    hand = hand(first, since);
    hand.thread.start();
  }

  private void work(Deque<Order> first, long since) {
    try (ThreadClock thread = ThreadClock.ofCurrentThread()) {
      SlotClock clock = new SlotClock(nanoTime, thread, now());
      @Nullable Computation computation = null;
      while (isPresent()) {
        Order order = first.isEmpty() ? next(clock) : first.remove();
        if (order instanceof Begin begin) {
          Stint stint = begin.stint();
          long from = Math.max(since, stint.grantedAt());
          clock = new SlotClock(nanoTime, thread, from);
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
    } catch (TimeLimit.GivenUp e) {
      // Another thread works here now.
    } catch (Throwable e) {
      if (isPresent()) {
        broken.accept(e);
      }
      throw e;
    }
  }

  /** Whether the thread that asks was not given up. */
  private boolean isPresent() {
    synchronized (interrupting) {
      return hand.thread == Thread.currentThread();
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
    if (!pickUp(stint, computation)) {
      return;
    }
    try {
      computation.run(task, result -> put(stint, result, clock), stint::cancelled);
    } catch (InterruptedException e) {
      throw new IllegalStateException("the outbox does not let itself be interrupted", e);
    } finally {
      putDown();
    }
    if (!isPresent()) {
      return;
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

  private boolean pickUp(Stint stint, Computation computation) {
    synchronized (interrupting) {
      if (stint.cancelled()) {
        return false;
      }
      hand.stint = stint;
      hand.limit = computation.limit();
      return true;
    }
  }

  private void putDown() {
    synchronized (interrupting) {
      if (isPresent()) {
        hand.stint = null;
        hand.limit = null;
      }
      Thread.interrupted();
    }
  }
}
