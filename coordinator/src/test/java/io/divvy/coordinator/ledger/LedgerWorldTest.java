package io.divvy.coordinator.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.protocol.Chunk;
import io.divvy.protocol.Interval;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The ledger among workers that answer in pieces, twice, late, in disorder or never. */
class LedgerWorldTest {

  @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
  void everyItemIsCountedOnceOrFailedWhateverTheWorkersDo(@ForAll long seed) {
    new World(new Random(seed)).runToItsEnd();
  }

  /** An attempt as its worker sees it. */
  private static final class Attempt {
    private final Chunk chunk;
    private long position;
    private long end;

    Attempt(Chunk chunk) {
      this.chunk = chunk;
      this.position = chunk.from();
      this.end = chunk.to();
    }
  }

  private static final class World {
    private static final List<String> NODES = List.of("ann", "ben", "cleo");

    private final Random random;
    private final int items;
    private final int block;
    private final int retries;
    private final Ledger<String> ledger;
    private final Set<Long> failing = new HashSet<>();
    private final Set<Long> deadly = new HashSet<>();
    private final List<Attempt> computing = new ArrayList<>();
    private final List<Runnable> onTheWay = new ArrayList<>();

    // The naive model: one bit an item.
    private final BitSet counted = new BitSet();
    private final BitSet failed = new BitSet();
    private int mischief;
    private boolean killed;

    World(Random random) {
      this.random = random;
      this.items = random.nextInt(60);
      this.block = random.nextInt(3) == 0 ? 1 + random.nextInt(7) : 1;
      this.retries = random.nextInt(3);
      this.mischief = random.nextInt(200);
      this.ledger = new Ledger<>(items, block, retries);
      for (long item = 0; item < items; item++) {
        if (random.nextInt(15) == 0) {
          failing.add(ledger.unit(item).from());
        }
        if (random.nextInt(30) == 0) {
          deadly.add(ledger.unit(item).from());
        }
      }
    }

    void runToItsEnd() {
      int steps = 0;
      while (!ledger.finished()) {
        assertThat(steps++).as("steps until the end").isLessThan(20_000);
        step();
        checkTheBooks();
      }
      while (!onTheWay.isEmpty()) {
        deliver();
      }
      checkTheBooks();
      assertThat(counted.cardinality() + failed.cardinality()).isEqualTo(items);
      assertThat(ledger.take(items, "late", "ann")).isEmpty();
      if (!killed) {
        failed.stream().forEach(item -> assertThat(atFault(item)).isTrue());
      }
    }

    private void step() {
      switch (random.nextInt(8)) {
        case 0, 1 -> take();
        case 2, 3, 4 -> compute();
        case 5, 6 -> deliver();
        default -> {
          if (mischief > 0) {
            mischief--;
            makeMischief();
          } else {
            reviveTheForgotten();
          }
        }
      }
    }

    private void take() {
      String node = NODES.get(random.nextInt(NODES.size()));
      Set<String> others = random.nextBoolean() ? Set.of() : new HashSet<>(NODES);
      long waiting = ledger.queued();
      boolean idle =
          ledger.inFlight().stream().noneMatch(held -> held.worker().startsWith(node + "/"));
      Optional<Chunk> taken = ledger.take(1 + random.nextInt(20), node + "/1", node, others);
      if (others.isEmpty() && idle) {
        assertThat(taken.isPresent()).isEqualTo(waiting > 0);
      }
      taken.ifPresent(chunk -> computing.add(new Attempt(chunk)));
    }

    private void compute() {
      if (computing.isEmpty()) {
        return;
      }
      Attempt attempt = computing.get(random.nextInt(computing.size()));
      Interval first = ledger.unit(attempt.position);
      if (deadly.contains(first.from())) {
        die(attempt);
      } else if (failing.contains(first.from())) {
        report(attempt, first.to(), true);
      } else {
        long to = attempt.position;
        int units = 1 + random.nextInt(6);
        for (int unit = 0; unit < units && to < attempt.end; unit++) {
          Interval next = ledger.unit(to);
          if (failing.contains(next.from()) || deadly.contains(next.from())) {
            break;
          }
          to = next.to();
        }
        report(attempt, to, false);
      }
    }

    private void report(Attempt attempt, long to, boolean failure) {
      long from = attempt.position;
      long end = attempt.end;
      attempt.position = to;
      if (to == end) {
        computing.remove(attempt);
      }
      Runnable message =
          failure
              ? () -> hearFailure(attempt.chunk.attempt(), from, end)
              : () -> hearResult(attempt.chunk.attempt(), from, to, end);
      onTheWay.add(message);
    }

    private void die(Attempt attempt) {
      computing.remove(attempt);
      onTheWay.add(() -> hearDeath(attempt.chunk.attempt()));
    }

    private void makeMischief() {
      if (random.nextBoolean() && !onTheWay.isEmpty()) {
        onTheWay.add(onTheWay.get(random.nextInt(onTheWay.size())));
        return;
      }
      if (computing.isEmpty()) {
        return;
      }
      Attempt attempt = computing.get(random.nextInt(computing.size()));
      long number = attempt.chunk.attempt();
      switch (random.nextInt(4)) {
        case 0 -> stopEarly(attempt);
        case 1 -> {
          killed = true;
          die(attempt);
        }
        case 2 -> hearLoss(number);
        default -> {
          // It sleeps: declared lost now, its results come much later or never.
          hearLoss(number);
          if (random.nextBoolean()) {
            computing.remove(attempt);
          }
        }
      }
    }

    private void stopEarly(Attempt attempt) {
      long last = (attempt.end - 1) / block;
      long first = (attempt.position + block - 1) / block;
      if (last < first) {
        return;
      }
      long end = (first + random.nextInt((int) (last - first) + 1)) * block;
      attempt.end = end;
      if (attempt.position == end) {
        computing.remove(attempt);
      }
      // The answer may be lost when a result will follow and heal it.
      boolean more = attempt.position < end;
      if (!more || random.nextBoolean()) {
        onTheWay.add(() -> ledger.cut(attempt.chunk.attempt(), end));
      }
    }

    /** Attempts of which nobody hears any more run out of their leases at last. */
    private void reviveTheForgotten() {
      Set<Long> known = new HashSet<>();
      computing.forEach(attempt -> known.add(attempt.chunk.attempt()));
      if (onTheWay.isEmpty()) {
        for (InFlight<String> held : ledger.inFlight()) {
          if (!known.contains(held.attempt())) {
            hearLoss(held.attempt());
          }
        }
      }
    }

    private void deliver() {
      if (!onTheWay.isEmpty()) {
        onTheWay.remove(random.nextInt(onTheWay.size())).run();
      }
    }

    private void hearResult(long attempt, long from, long to, long end) {
      boolean fresh = openOnly(from, to);
      assertThat(ledger.accept(attempt, from, to, end))
          .isEqualTo(fresh ? Verdict.ACCEPTED : Verdict.DUPLICATE);
      if (fresh) {
        counted.set((int) from, (int) to);
      }
    }

    private void hearFailure(long attempt, long item, long end) {
      Interval unit = ledger.unit(item);
      boolean fresh = openOnly(unit.from(), unit.to());
      Verdict verdict = ledger.fail(attempt, item, end, "it fails");
      if (verdict == Verdict.FAILED) {
        assertThat(fresh).isTrue();
        failed.set((int) unit.from(), (int) unit.to());
      }
    }

    private void hearDeath(long attempt) {
      Blame blame = random.nextInt(4) == 0 ? Blame.LITTLE : Blame.FULL;
      for (Interval lost : ledger.lose(attempt, blame, "it died").failed()) {
        assertThat(openOnly(lost.from(), lost.to())).isTrue();
        failed.set((int) lost.from(), (int) lost.to());
      }
    }

    private void hearLoss(long attempt) {
      assertThat(ledger.lose(attempt, Blame.NONE, "its lease ran out").failed()).isEmpty();
    }

    private boolean openOnly(long from, long to) {
      BitSet settled = (BitSet) counted.clone();
      settled.or(failed);
      return settled.get((int) from, (int) to).isEmpty();
    }

    private boolean atFault(int item) {
      long unit = ledger.unit(item).from();
      return failing.contains(unit) || deadly.contains(unit);
    }

    private void checkTheBooks() {
      assertThat(ledger.done()).isEqualTo(counted.cardinality());
      assertThat(ledger.failed()).isEqualTo(failed.cardinality());
      assertThat(ledger.done() + ledger.failed() + ledger.remaining()).isEqualTo(items);
      BitSet held = new BitSet();
      for (Interval waiting : ledger.queuedIntervals()) {
        put(held, waiting);
        assertThat(openOnly(waiting.from(), waiting.to())).as("%s is open", waiting).isTrue();
      }
      ledger.inFlight().forEach(attempt -> put(held, attempt.left()));
      BitSet open = new BitSet();
      open.set(0, items);
      open.andNot(counted);
      open.andNot(failed);
      BitSet lost = (BitSet) open.clone();
      lost.andNot(held);
      assertThat(lost.isEmpty()).as("%s is neither queued nor in flight", lost).isTrue();
      assertThat(ledger.head()).isEqualTo(open.isEmpty() ? items : open.nextSetBit(0));
    }

    private static void put(BitSet held, Interval interval) {
      assertThat(held.get((int) interval.from(), (int) interval.to()).isEmpty())
          .as("%s is held twice", interval)
          .isTrue();
      held.set((int) interval.from(), (int) interval.to());
    }
  }
}
