package io.divvy.coordinator;

import io.divvy.coordinator.RunOutcome.ItemFailure;
import io.divvy.coordinator.journal.Entry;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.ledger.IntervalSet;
import io.divvy.coordinator.ledger.Ledger;
import io.divvy.coordinator.merge.Merge;
import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.job.Numbers;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What earlier epochs of a run have counted.
 *
 * @param done the intervals with values, which the merge has by now
 * @param failures the items that were given up, by index
 */
public record Restored(List<Interval> done, List<ItemFailure> failures) {

  static final Restored NOTHING = new Restored(List.of(), List.of());

  public Restored {
    done = List.copyOf(done);
    failures = List.copyOf(failures);
  }

  /** Has everything merged that the journal holds, a piece at a time. */
  public static Restored from(Keeper keeper, Merge merge, JobKind kind, JobSpec job)
      throws IOException {
    IntervalSet done = new IntervalSet();
    List<ItemFailure> failures = new ArrayList<>();
    keeper.replay(
        new Keeper.Replay() {
          @Override
          public void accepted(Entry.Accepted accepted) throws IOException {
            Interval interval = accepted.interval();
            byte[] payload =
                kind instanceof MapKind<?> map
                    ? withLines(map, job, interval, accepted.payload())
                    : accepted.payload();
            merge.add(interval, payload, new Merge.Origin(accepted.node(), accepted.worker()));
            done.add(interval.from(), interval.to());
          }

          @Override
          public void failed(Entry.Failed failed) throws IOException {
            merge.fail(failed.index());
            failures.add(new ItemFailure(failed.index(), failed.message(), failed.stackTrace()));
          }
        });
    return new Restored(done.intervals(), failures);
  }

  /** How many items these are. */
  public long items() {
    return failures.size() + done.stream().mapToLong(Interval::size).sum();
  }

  /** What of [0, {@code items}) is left to do, in order. */
  public List<Interval> open(long items) {
    IntervalSet settled = new IntervalSet();
    done.forEach(interval -> settled.add(interval.from(), interval.to()));
    failures.forEach(failure -> settled.add(failure.index(), failure.index() + 1));
    return settled.gaps(0, items);
  }

  void to(Ledger<?> ledger) {
    done.forEach(interval -> ledger.restoreDone(interval.from(), interval.to()));
    failures.forEach(failure -> ledger.restoreFailed(failure.index(), failure.message()));
  }

  /** What was counted while nobody wanted lines may be wanted with lines now. */
  private static <V> byte[] withLines(
      MapKind<V> kind, JobSpec job, Interval interval, byte[] payload) {
    Numbers numbers = job.numbers();
    Payload.Reader reader = new Payload.Reader(payload);
    if (!job.wanted().lines() || !reader.hasMore()) {
      return payload;
    }
    Payload.Writer writer = new Payload.Writer();
    for (long index = interval.from(); reader.hasMore(); index++) {
      Payload.Item item = reader.item();
      V value = kind.codec().decode(item.value());
      writer.item(
          new Payload.Item(
              item.value(),
              item.line() == null ? kind.codec().line(value) : item.line(),
              item.displayLine() == null && job.wanted().displayLines()
                  ? kind.displayLine(numbers.at(index), value).orElse(null)
                  : item.displayLine(),
              item.nanos()));
    }
    return writer.take();
  }
}
