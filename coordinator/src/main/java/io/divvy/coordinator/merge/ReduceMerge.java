package io.divvy.coordinator.merge;

import io.divvy.job.ReduceKind;
import io.divvy.protocol.BlockTree;
import io.divvy.protocol.Interval;
import io.divvy.protocol.Payload;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a reduction together, neighbours as soon as they meet. When the kind is not
 * exact they meet only as the binary tree over the blocks has it.
 */
final class ReduceMerge<V> implements Merge {
  private final ReduceKind<V> kind;
  private final Parts<V> parts;

  ReduceMerge(ReduceKind<V> kind) {
    this.kind = kind;
    this.parts = kind.exact() ? new Stretches<>(kind) : new Blocks<>(kind);
  }

  /** Values of disjoint stretches, put together. */
  private interface Parts<V> {
    void add(Interval interval, Payload.Reader payload);

    void fail(long index);

    @Nullable V fold();
  }

  @Override
  public void add(Interval interval, byte[] payload, Origin origin) {
    if (!interval.isEmpty()) {
      parts.add(interval, new Payload.Reader(payload));
    }
  }

  @Override
  public void fail(long index) {
    parts.fail(index);
  }

  @Override
  public Merged finish() {
    V folded = parts.fold();
    V value = folded == null ? kind.identity() : folded;
    ValueDigest digest = new ValueDigest();
    digest.add(kind.codec().encode(value));
    return new Merged(kind.codec().line(value), digest.text());
  }

  @Override
  public void close() {}

  /** What a part lacks would be missing in the value, and nobody would see it. */
  private static void check(boolean covered, Interval interval) {
    if (!covered) {
      throw new IllegalArgumentException("the parts for %s do not cover it".formatted(interval));
    }
  }

  /** Any neighbours may be combined, but never in another order. */
  private static final class Stretches<V> implements Parts<V> {
    private final ReduceKind<V> kind;
    // By first index. INVARIANT: no two touch.
    private final TreeMap<Long, Stretch<V>> stretches = new TreeMap<>();

    Stretches(ReduceKind<V> kind) {
      this.kind = kind;
    }

    /** Up to {@code to}; without a value when nothing in it has one. */
    private record Stretch<V>(long to, @Nullable V value) {}

    @Override
    public void add(Interval interval, Payload.Reader payload) {
      check(payload.hasMore(), interval);
      V value = null;
      while (payload.hasMore()) {
        value = both(value, kind.codec().decode(payload.part().value()));
      }
      put(interval.from(), interval.to(), value);
    }

    @Override
    public void fail(long index) {
      put(index, index + 1, null);
    }

    @Override
    public @Nullable V fold() {
      V value = null;
      for (Stretch<V> stretch : stretches.values()) {
        value = both(value, stretch.value());
      }
      return value;
    }

    private void put(long from, long to, @Nullable V added) {
      long start = from;
      long end = to;
      V value = added;
      Map.Entry<Long, Stretch<V>> before = stretches.lowerEntry(from);
      if (before != null && before.getValue().to() == from) {
        start = before.getKey();
        value = both(before.getValue().value(), value);
      }
      Stretch<V> after = stretches.remove(to);
      if (after != null) {
        end = after.to();
        value = both(value, after.value());
      }
      stretches.put(start, new Stretch<>(end, value));
    }

    private @Nullable V both(@Nullable V left, @Nullable V right) {
      if (left == null || right == null) {
        return left == null ? right : left;
      }
      return kind.combine(left, right);
    }
  }

  /** Only the halves of a node of the binary tree over the blocks are combined. */
  private static final class Blocks<V> implements Parts<V> {
    private final ReduceKind<V> kind;
    private final BlockTree<V> tree;

    Blocks(ReduceKind<V> kind) {
      this.kind = kind;
      this.tree = new BlockTree<>(kind::combine);
    }

    @Override
    public void add(Interval interval, Payload.Reader payload) {
      long block = interval.from() / kind.block();
      while (payload.hasMore()) {
        Payload.Part part = payload.part();
        check(part.firstBlock() == block, interval);
        tree.add(part.firstBlock(), part.blocks(), kind.codec().decode(part.value()));
        block += part.blocks();
      }
      check(block == (interval.to() - 1) / kind.block() + 1, interval);
    }

    @Override
    public void fail(long index) {
      // A block fails as a whole: its other items say nothing new.
      if (index % kind.block() == 0) {
        tree.skip(index / kind.block());
      }
    }

    @Override
    public @Nullable V fold() {
      return tree.fold();
    }
  }
}
