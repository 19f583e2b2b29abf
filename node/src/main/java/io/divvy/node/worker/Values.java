package io.divvy.node.worker;

import io.divvy.job.Codec;
import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import io.divvy.protocol.BlockTree;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.Payload;
import org.jspecify.annotations.Nullable;

/**
 * The values of consecutive slices of one job, gathered until they are taken as a payload. Where a
 * slice has no value, what was gathered before it stays.
 */
abstract class Values {

  private final SlotClock clock;
  private final TimeLimit limit;

  private Values(SlotClock clock, TimeLimit limit) {
    this.clock = clock;
    this.limit = limit;
  }

  static Values of(JobKind kind, JobSpec job, SlotClock clock, TimeLimit limit) {
    if (kind instanceof MapKind<?> map) {
      return new Each<>(map, job, clock, limit);
    }
    ReduceKind<?> reduction = (ReduceKind<?>) kind;
    return reduction.exact()
        ? new Total<>(reduction, job, clock, limit)
        : new Blocks<>(reduction, job, clock, limit);
  }

  /** How many blocks the next slice should have. */
  long blocksAtOnce() {
    return 1;
  }

  /** Computes the slice and gathers its value; returns the time at which the function was done. */
  abstract long compute(Interval slice, Work work) throws Exception;

  /** The size of the payload as far as it is known. */
  int bytes() {
    return 0;
  }

  /** The payload of what was gathered, the blocks [{@code first}, {@code end}). */
  abstract byte[] take(long first, long end);

  /** Forgets what was gathered. */
  abstract void clear();

  /** The function ran since {@code start}, unless that was too long; returns the time now. */
  final long ranSince(long start) {
    long now = clock.now();
    clock.ran(now - start);
    if (limit.isSet()) {
      limit.end();
    }
    return now;
  }

  final long now() {
    return clock.now();
  }

  /** The values of a map kind, one by one. */
  private static final class Each<V> extends Values {
    private final MapKind<V> kind;
    private final Numbers numbers;
    private final JobSpec.Wanted wanted;
    private final Codec<V> codec;
    private final Payload.Writer payload = new Payload.Writer();

    Each(MapKind<V> kind, JobSpec job, SlotClock clock, TimeLimit limit) {
      super(clock, limit);
      this.kind = kind;
      this.numbers = job.numbers();
      this.wanted = job.wanted();
      this.codec = kind.codec();
    }

    @Override
    long compute(Interval slice, Work work) throws Exception {
      long number = numbers.at(slice.from());
      long start = now();
      long end;
      V value;
      try {
        value = kind.apply(number, work);
      } finally {
        end = ranSince(start);
      }
      String line = wanted.lines() ? codec.line(value) : null;
      String displayLine =
          wanted.displayLines() ? kind.displayLine(number, value).orElse(null) : null;
      payload.item(new Payload.Item(codec.encode(value), line, displayLine, end - start));
      return end;
    }

    @Override
    int bytes() {
      return payload.size();
    }

    @Override
    byte[] take(long first, long end) {
      return payload.take();
    }

    @Override
    void clear() {
      payload.take();
    }
  }

  /** One value for all slices, of a kind that may be folded in any grouping. */
  private static final class Total<V> extends Values {
    private final ReduceKind<V> kind;
    private final Numbers numbers;
    private final long block;
    private final Pace pace = new Pace();
    private @Nullable V total;

    Total(ReduceKind<V> kind, JobSpec job, SlotClock clock, TimeLimit limit) {
      super(clock, limit);
      this.kind = kind;
      this.numbers = job.numbers();
      this.block = kind.block();
    }

    @Override
    long blocksAtOnce() {
      return pace.blocks();
    }

    @Override
    long compute(Interval slice, Work work) throws Exception {
      long start = now();
      long end;
      try {
        V value = kind.reduce(numbers.slice(slice.from(), slice.to()), work);
        total = total == null ? value : kind.combine(total, value);
      } finally {
        end = ranSince(start);
      }
      pace.measured(Math.max(1, slice.size() / block), end - start);
      return end;
    }

    @Override
    byte[] take(long first, long end) {
      V value = total == null ? kind.identity() : total;
      total = null;
      Payload.Writer payload = new Payload.Writer();
      payload.part(new Payload.Part(first, end - first, kind.codec().encode(value)));
      return payload.take();
    }

    @Override
    void clear() {
      total = null;
    }
  }

  /** The values of blocks, of a kind that is folded by the tree over the block index. */
  private static final class Blocks<V> extends Values {
    private final ReduceKind<V> kind;
    private final Numbers numbers;
    private final long block;
    private final BlockTree<V> tree;

    Blocks(ReduceKind<V> kind, JobSpec job, SlotClock clock, TimeLimit limit) {
      super(clock, limit);
      this.kind = kind;
      this.numbers = job.numbers();
      this.block = kind.block();
      this.tree = new BlockTree<>(kind::combine);
    }

    @Override
    long compute(Interval slice, Work work) throws Exception {
      long start = now();
      long end;
      try {
        V value = kind.reduce(numbers.slice(slice.from(), slice.to()), work);
        tree.add(slice.from() / block, 1, value);
      } finally {
        end = ranSince(start);
      }
      return end;
    }

    @Override
    byte[] take(long first, long end) {
      Payload.Writer payload = new Payload.Writer();
      for (BlockTree.Part<V> part : tree.parts()) {
        byte[] value = kind.codec().encode(part.value());
        payload.part(new Payload.Part(part.firstBlock(), part.blocks(), value));
      }
      tree.clear();
      return payload.take();
    }

    @Override
    void clear() {
      tree.clear();
    }
  }
}
