package io.divvy.coordinator.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.ledger.InFlight;
import io.divvy.coordinator.ledger.Ledger;
import io.divvy.protocol.Chunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Sizes, credit and early stops together, in virtual time. */
class SimulatedRunTest {
  private static final long MICRO = 1000;
  private static final long MILLI = 1000 * MICRO;
  private static final long SECOND = 1000 * MILLI;

  @Test
  void oneOfTwoWorkersAtHalfSpeedEndsWithinTwoItemsOfTheIdeal() {
    long item = 100 * MILLI;
    Simulation run = new Simulation(16, 2, index -> item, (worker, at) -> worker == 0 ? 50 : 100);
    long ideal = 16 * item * 2 / 3;
    assertThat(run.end()).isLessThan(ideal + 2 * item);
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void whateverTheSpeedsARunEndsWithinTwoItemsOfTheIdeal(
      @ForAll @IntRange(min = 1, max = 60) int items,
      @ForAll @IntRange(min = 20, max = 100) int speed,
      @ForAll @IntRange(min = 20, max = 100) int otherSpeed) {
    long item = 100 * MILLI;
    Simulation run =
        new Simulation(items, 2, index -> item, (worker, at) -> worker == 0 ? speed : otherSpeed);
    double ideal = 100.0 * items * item / (speed + otherSpeed);
    double slowItem = 100.0 * item / Math.min(speed, otherSpeed);
    assertThat((double) run.end()).isLessThan(ideal + 2 * slowItem);
  }

  @Test
  void itemsThatGrowDearerEndTogether() {
    LongUnaryOperator cost = index -> index * 20 * MICRO;
    Simulation run = new Simulation(2000, 4, cost, (worker, at) -> 100);
    long ideal = 2000L * 1999 / 2 * 20 * MICRO / 4;
    assertThat(run.end()).isLessThan(ideal + ideal / 20);
  }

  @Test
  void aFewDearItemsAmongCheapOnesEndTogether() {
    LongUnaryOperator cost = index -> index % 100 == 99 ? 200 * MILLI : MILLI;
    Simulation run = new Simulation(4000, 4, cost, (worker, at) -> 100);
    long ideal = (40 * 200 * MILLI + 3960 * MILLI) / 4;
    assertThat(run.end()).isLessThan(ideal + 2 * 200 * MILLI);
  }

  @Test
  void aMillionTinyItemsTravelInFewChunks() {
    Simulation run = new Simulation(1_000_000, 2, index -> MICRO, (worker, at) -> 100);
    assertThat(run.end()).isLessThan(SECOND / 2 + 25 * MILLI);
    assertThat(run.chunks()).isLessThan(80);
  }

  @Test
  void aWorkerThatSlowsDownMidwayHoldsUpNobody() {
    long half = SECOND;
    Simulation run =
        new Simulation(
            4000, 2, index -> MILLI, (worker, at) -> worker == 0 && at > half ? 10 : 100);
    // 2 s of work are done after the first second; 1.1 of it a second from then on.
    long ideal = half + 2 * SECOND * 10 / 11;
    assertThat(run.end()).isLessThan(ideal + ideal / 20);
  }

  /** Workers that compute one item after the other, each message 200 us on its way. */
  private static final class Simulation {
    private static final long WAY = 200 * MICRO;
    private static final long FLUSH = 100 * MILLI;

    private final Ledger<Integer> ledger;
    private final Factoring<Integer> factoring = new Factoring<>(1, 0, 5 * SECOND);
    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final List<Worker> workers = new ArrayList<>();
    private final LongUnaryOperator cost;
    private final LongBinaryOperator percent;
    private final Set<Long> asked = new HashSet<>();
    private long now;
    private long lastResult;
    private long number;

    private record Event(long at, long number, Runnable action) {}

    /** What a worker holds; {@code position} is the next item it would start. */
    private static final class Held {
      private final long attempt;
      private long position;
      private long end;
      private long reported;

      Held(Chunk chunk) {
        attempt = chunk.attempt();
        position = chunk.from();
        end = chunk.to();
        reported = chunk.from();
      }
    }

    private static final class Worker {
      private final int name;
      private final Deque<Held> held = new ArrayDeque<>();
      private boolean computing;
      private long since;

      Worker(int name) {
        this.name = name;
      }
    }

    Simulation(long items, int count, LongUnaryOperator cost, LongBinaryOperator percent) {
      this.ledger = new Ledger<>(items, 1, 0);
      this.cost = cost;
      this.percent = percent;
      for (int name = 0; name < count; name++) {
        workers.add(new Worker(name));
        factoring.join(name, 50 * MILLI);
      }
      assign();
      while (!ledger.finished()) {
        Event event = events.remove();
        now = event.at();
        event.action().run();
      }
      assertThat(ledger.duplicates()).isZero();
    }

    long end() {
      return lastResult;
    }

    long chunks() {
      return ledger.handedOut();
    }

    private void after(long nanos, Runnable action) {
      events.add(new Event(now + nanos, number++, action));
    }

    // The coordinator's side.

    private void assign() {
      for (Worker worker : workers) {
        long holds = ledger.inFlight().stream().filter(a -> a.worker() == worker.name).count();
        int credit = factoring.credit(worker.name, ledger.queued(), workers.size(), 2 * WAY);
        for (; holds < credit && ledger.queued() > 0; holds++) {
          long size = factoring.size(worker.name, ledger.queued());
          Chunk chunk = ledger.take(size, worker.name, "node").orElseThrow();
          after(WAY, () -> hear(worker, chunk));
        }
        if (holds == 0) {
          stopSomebodyFor(worker);
        }
      }
    }

    private void stopSomebodyFor(Worker idle) {
      List<Straggler.Candidate<Integer>> candidates = new ArrayList<>();
      Set<Integer> seen = new HashSet<>();
      for (InFlight<Integer> attempt : ledger.inFlight()) {
        candidates.add(
            new Straggler.Candidate<>(
                attempt.attempt(),
                attempt.worker(),
                attempt.left().size(),
                factoring.rate(attempt.worker()),
                seen.add(attempt.worker()),
                asked.contains(attempt.attempt()),
                false));
      }
      Straggler.choose(candidates, 1, 10 * MILLI, factoring.rate(idle.name))
          .ifPresent(
              straggler -> {
                asked.add(straggler.attempt());
                after(WAY, () -> stopEarly(straggler));
              });
    }

    private void hearResult(Worker worker, long attempt, long from, long to, long end, long busy) {
      ledger.accept(attempt, from, to, end);
      factoring.measured(worker.name, to - from, busy);
      lastResult = now;
      asked.remove(attempt);
      assign();
    }

    // The worker's side.

    private void hear(Worker worker, Chunk chunk) {
      worker.held.add(new Held(chunk));
      if (!worker.computing) {
        compute(worker);
      }
    }

    private void compute(Worker worker) {
      Held held = worker.held.peek();
      worker.computing = held != null;
      if (held == null) {
        return;
      }
      worker.since = held.position == held.reported ? now : worker.since;
      long item = held.position++;
      after(
          cost.applyAsLong(item) * 100 / percent.applyAsLong(worker.name, now),
          () -> computed(worker, held));
    }

    private void computed(Worker worker, Held held) {
      if (held.position == held.end || now - worker.since >= FLUSH) {
        long from = held.reported;
        long to = held.position;
        long end = held.end;
        long busy = now - worker.since;
        held.reported = to;
        after(WAY, () -> hearResult(worker, held.attempt, from, to, end, busy));
      }
      if (held.position == held.end) {
        worker.held.remove();
      }
      compute(worker);
    }

    private void stopEarly(Straggler straggler) {
      for (Worker worker : workers) {
        for (Held held : List.copyOf(worker.held)) {
          if (held.attempt == straggler.attempt()) {
            long kept = Math.round((held.end - held.position) * straggler.keep() - 0.25);
            held.end = held.position + Math.max(0, kept);
            long end = held.end;
            if (held.reported == end) {
              worker.held.remove(held);
            }
            after(
                WAY,
                () -> {
                  ledger.cut(held.attempt, end);
                  assign();
                });
          }
        }
      }
    }
  }
}
