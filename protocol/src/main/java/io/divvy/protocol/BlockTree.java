package io.divvy.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A binary tree over the blocks of a reduction, filled in any order. A node covers 2^k blocks from
 * a multiple of 2^k on, and only the two halves of a node are combined: so the value of all blocks,
 * to the last bit, depends on which blocks have values and on nothing else.
 *
 * <p>Nodes are combined as soon as both halves are there; blocks that came one after the other cost
 * a logarithm of their number.
 *
 * @param <V> the type of a value
 */
public final class BlockTree<V> {
  private final BinaryOperator<V> combine;

  // By first block. INVARIANT: nodes are disjoint, and no two are the halves of one.
  private final TreeMap<Long, Node<V>> nodes = new TreeMap<>();

  /**
   * An empty tree.
   *
   * @param combine the value of two neighbouring stretches; the left one comes first
   */
  public BlockTree(BinaryOperator<V> combine) {
    this.combine = combine;
  }

  /**
   * A node of the tree.
   *
   * @param firstBlock a multiple of {@code blocks}
   * @param blocks a power of two
   * @param value of the blocks together
   */
  public record Part<V>(long firstBlock, long blocks, V value) {}

  /** No value: none of the blocks of this node has one. */
  private record Node<V>(long blocks, @Nullable V value) {}

  /**
   * Adds the value of a node of the tree, none of whose blocks was added before.
   *
   * @param firstBlock a multiple of {@code blocks}
   * @param blocks a power of two
   */
  public void add(long firstBlock, long blocks, V value) {
    put(firstBlock, new Node<>(blocks, value));
  }

  /** Takes notice that this block has no value and never will. */
  public void skip(long block) {
    put(block, new Node<>(1, null));
  }

  /** What was added, combined as far as it goes, in order. */
  public List<Part<V>> parts() {
    List<Part<V>> parts = new ArrayList<>(nodes.size());
    for (Map.Entry<Long, Node<V>> entry : nodes.entrySet()) {
      V value = entry.getValue().value();
      if (value != null) {
        parts.add(new Part<>(entry.getKey(), entry.getValue().blocks(), value));
      }
    }
    return parts;
  }

  /** The value of everything that was added, or null when nothing was. */
  public @Nullable V fold() {
    List<Part<V>> parts = parts();
    return parts.isEmpty() ? null : fold(parts);
  }

  /** Forgets everything. */
  public void clear() {
    nodes.clear();
  }

  private void put(long firstBlock, Node<V> added) {
    check(firstBlock, added.blocks());
    long first = firstBlock;
    Node<V> node = added;
    List<Long> halves = new ArrayList<>();
    while (true) {
      long blocks = node.blocks();
      Node<V> other = nodes.get(first ^ blocks);
      if (other == null || other.blocks() != blocks) {
        break;
      }
      halves.add(first ^ blocks);
      boolean left = (first & blocks) == 0;
      node = new Node<>(2 * blocks, left ? both(node, other) : both(other, node));
      first &= ~blocks;
    }
    // Only now: a combination that throws adds nothing, and takes nothing away.
    halves.forEach(nodes::remove);
    nodes.put(first, node);
  }

  private void check(long firstBlock, long blocks) {
    if (firstBlock < 0 || Long.bitCount(blocks) != 1 || blocks < 0 || firstBlock % blocks != 0) {
      throw new IllegalArgumentException(
          "%d blocks from block %d on are no node of a binary tree".formatted(blocks, firstBlock));
    }
    Map.Entry<Long, Node<V>> before = nodes.lowerEntry(firstBlock + blocks);
    if (before != null && before.getKey() + before.getValue().blocks() > firstBlock) {
      throw new IllegalArgumentException(
          "blocks of [%d, %d) were added before".formatted(firstBlock, firstBlock + blocks));
    }
  }

  private @Nullable V both(Node<V> left, Node<V> right) {
    V first = left.value();
    V second = right.value();
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return combine.apply(first, second);
  }

  /** Splits where the lowest node that covers all parts has its middle. */
  private V fold(List<Part<V>> parts) {
    if (parts.size() == 1) {
      return parts.get(0).value();
    }
    long first = parts.get(0).firstBlock();
    long last = parts.get(parts.size() - 1).firstBlock();
    long half = Long.highestOneBit(first ^ last);
    int right = 0;
    while ((parts.get(right).firstBlock() & half) == 0) {
      right++;
    }
    return combine.apply(fold(parts.subList(0, right)), fold(parts.subList(right, parts.size())));
  }
}
