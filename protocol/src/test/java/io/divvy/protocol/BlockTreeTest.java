package io.divvy.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockTreeTest {
  private final BlockTree<String> tree = new BlockTree<>((left, right) -> "(" + left + right + ")");

  @Test
  void onlyTheHalvesOfANodeAreCombined() {
    add(tree, 1, 2, 3);
    assertThat(tree.parts())
        .containsExactly(new BlockTree.Part<>(1, 1, "b"), new BlockTree.Part<>(2, 2, "(cd)"));
    add(tree, 0);
    assertThat(tree.parts()).containsExactly(new BlockTree.Part<>(0, 4, "((ab)(cd))"));
  }

  @Test
  void aCombinationThatThrowsChangesNothing() {
    BlockTree<String> short3 =
        new BlockTree<>(
            (left, right) -> {
              if (left.length() + right.length() > 3) {
                throw new IllegalStateException("too long");
              }
              return left + right;
            });
    add(short3, 0, 1, 2);
    assertThatThrownBy(() -> add(short3, 3)).hasMessage("too long");
    assertThat(short3.parts())
        .containsExactly(new BlockTree.Part<>(0, 2, "ab"), new BlockTree.Part<>(2, 1, "c"));
  }

  @Test
  void whatIsLeftAtTheEndIsFoldedByTheTreeAsWell() {
    add(tree, 0, 1, 2, 3, 4, 5, 6);
    assertThat(tree.fold()).isEqualTo("(((ab)(cd))((ef)g))");
  }

  @Test
  void aBlockWithoutAValueIsLeftOut() {
    add(tree, 0, 2, 3);
    tree.skip(1);
    assertThat(tree.parts()).containsExactly(new BlockTree.Part<>(0, 4, "(a(cd))"));
  }

  @Test
  void aTreeWithoutBlocksHasNoValue() {
    tree.skip(0);
    assertThat(tree.fold()).isNull();
  }

  @Test
  void aStretchThatIsNoNodeIsRefused() {
    assertThatThrownBy(() -> tree.add(1, 2, "bc"))
        .hasMessage("2 blocks from block 1 on are no node of a binary tree");
    assertThatThrownBy(() -> tree.add(0, 3, "abc")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBlockAddedTwiceIsRefused() {
    add(tree, 0, 1);
    assertThatThrownBy(() -> add(tree, 1)).hasMessage("blocks of [1, 2) were added before");
  }

  @Test
  void consecutiveBlocksCostALogarithm() {
    BlockTree<Long> sums = new BlockTree<>(Long::sum);
    for (long block = 3; block < 1_000_003; block++) {
      sums.add(block, 1, block);
      if (block % 1000 == 0) {
        assertThat(sums.parts()).hasSizeLessThan(42);
      }
    }
  }

  @Property(shrinking = ShrinkingMode.OFF)
  void chunksAndTheirOrderNeverChangeTheValue(
      @ForAll @IntRange(min = 1, max = 60) int blocks, @ForAll long seed) {
    Random random = new Random(seed);
    List<Integer> present = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      if (random.nextInt(8) > 0) {
        present.add(block);
      }
    }
    BlockTree<String> inOrder = tree();
    present.forEach(block -> add(inOrder, block));

    List<BlockTree.Part<String>> parts = new ArrayList<>();
    for (int from = 0; from < present.size(); ) {
      int to = Math.min(present.size(), from + 1 + random.nextInt(9));
      BlockTree<String> worker = tree();
      present.subList(from, to).forEach(block -> add(worker, block));
      parts.addAll(worker.parts());
      from = to;
    }
    Collections.shuffle(parts, random);
    BlockTree<String> shuffled = tree();
    parts.forEach(part -> shuffled.add(part.firstBlock(), part.blocks(), part.value()));
    for (int block = 0; block < blocks; block++) {
      if (!present.contains(block) && random.nextBoolean()) {
        shuffled.skip(block);
      }
    }
    assertThat(shuffled.fold()).isEqualTo(inOrder.fold());
  }

  private static BlockTree<String> tree() {
    return new BlockTree<>((left, right) -> "(" + left + right + ")");
  }

  private static void add(BlockTree<String> tree, int... blocks) {
    for (int block : blocks) {
      tree.add(block, 1, Character.toString('a' + block));
    }
  }
}
