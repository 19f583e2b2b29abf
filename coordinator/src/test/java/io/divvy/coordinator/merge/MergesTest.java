package io.divvy.coordinator.merge;

import static io.divvy.coordinator.merge.Payloads.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.config.MergeSettings;
import io.divvy.job.Codec;
import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import io.divvy.protocol.BlockTree;
import io.divvy.protocol.Interval;
import io.divvy.protocol.Payload;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class MergesTest {

  @Test
  void theSumToAHundredMillionHasItsKnownDigest() throws IOException {
    long items = 100_000_000;
    Merge merge = merge(new Sum(), items);
    for (long from = items - 10_000_000; from >= 0; from -= 10_000_000) {
      BigInteger sum = sum(from, from + 10_000_000);
      merge.add(
          new Interval(from, from + 10_000_000),
          Payloads.part(from, 10_000_000, sum.toByteArray()),
          ANN);
    }
    assertThat(merge.finish())
        .isEqualTo(
            new Merge.Merged(
                "4999999950000000",
                "sha256:b57a0a1f7212e4a6e0475a33c863e718ed98f50b8bc0f3d952b47ac73037f4b9"));
  }

  @Test
  void eightHeavyItemsHaveTheirKnownDigest() throws IOException {
    Heavy kind = new Heavy(100_000);
    Merge merge = merge(kind, 8);
    for (long index = 7; index >= 0; index--) {
      Interval interval = new Interval(index, index + 1);
      merge.add(
          interval, Payloads.items(interval, at -> kind.codec().encode(kind.value(at + 1))), ANN);
    }
    assertThat(merge.finish().digest())
        .isEqualTo("sha256:e5b3c03d6d7aa47818715bc440cc394a7811af6a18cb3b295febe9d758343870");
  }

  @Test
  void aReductionOfNothingIsItsIdentity() throws IOException {
    assertThat(merge(new Sum(), 0).finish().result()).isEqualTo("0");
    assertThat(merge(new Tree(1), 0).finish().result()).isEqualTo("()");
  }

  @Test
  void aBlockFailsAsAWhole() throws IOException {
    Merge merge = merge(new Tree(2), 8);
    merge.add(new Interval(0, 2), part(0, "a"), ANN);
    merge.add(new Interval(4, 6), part(2, "c"), ANN);
    merge.add(new Interval(6, 8), part(3, "d"), ANN);
    merge.fail(2);
    merge.fail(3);
    assertThat(merge.finish().result()).isEqualTo("(a(cd))");
  }

  @Test
  void partsOfBlocksThatAreThereAlreadyAreRefused() throws IOException {
    Merge merge = merge(new Tree(1), 8);
    merge.add(new Interval(0, 1), part(0, "a"), ANN);
    assertThatThrownBy(() -> merge.add(new Interval(0, 1), part(0, "a"), ANN))
        .hasMessage("blocks of [0, 1) were added before");
  }

  @Test
  void partsThatDoNotCoverTheirIntervalAreRefused() {
    assertThatThrownBy(() -> merge(new Sum(), 8).add(new Interval(0, 2), new byte[0], ANN))
        .hasMessage("the parts for [0, 2) do not cover it");
    assertThatThrownBy(() -> merge(new Tree(2), 8).add(new Interval(0, 4), part(0, "a"), ANN))
        .hasMessage("the parts for [0, 4) do not cover it");
    assertThatThrownBy(() -> merge(new Tree(2), 8).add(new Interval(2, 4), part(0, "a"), ANN))
        .hasMessage("the parts for [2, 4) do not cover it");
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void anExactReductionKeepsTheOrderOfItsParts(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    int items = random.nextInt(26);
    Merge merge = merge(new Joined(), items);
    StringBuilder expected = new StringBuilder();
    List<Interval> intervals = intervals(items, random);
    Collections.shuffle(intervals, random);
    List<Integer> failed = new ArrayList<>();
    for (Interval interval : intervals) {
      if (interval.size() == 1 && random.nextInt(3) == 0) {
        failed.add((int) interval.from());
        merge.fail(interval.from());
      } else {
        merge.add(interval, joined(interval), ANN);
      }
    }
    for (int item = 0; item < items; item++) {
      if (!failed.contains(item)) {
        expected.append((char) ('a' + item));
      }
    }
    assertThat(merge.finish().result()).isEqualTo(expected.toString());
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void floatingPointHasTheSameBitsWhateverTheChunks(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    int items = 1 + random.nextInt(200);
    double[] values = random.doubles(items, -1e10, 1e10).toArray();
    String once = sumOf(values, List.of(new Interval(0, items)));
    List<Interval> intervals = intervals(items, random);
    Collections.shuffle(intervals, random);
    assertThat(sumOf(values, intervals)).isEqualTo(once);
  }

  private static String sumOf(double[] values, List<Interval> intervals) throws IOException {
    Doubles kind = new Doubles();
    Merge merge = merge(kind, values.length);
    for (Interval interval : intervals) {
      BlockTree<Double> worker = new BlockTree<>(kind::combine);
      for (long block = interval.from(); block < interval.to(); block++) {
        worker.add(block, 1, values[(int) block]);
      }
      Payload.Writer writer = new Payload.Writer();
      for (BlockTree.Part<Double> part : worker.parts()) {
        byte[] bytes = kind.codec().encode(part.value());
        writer.part(new Payload.Part(part.firstBlock(), part.blocks(), bytes));
      }
      merge.add(interval, writer.take(), ANN);
    }
    return merge.finish().digest();
  }

  private static List<Interval> intervals(int items, Random random) {
    List<Interval> intervals = new ArrayList<>();
    for (int from = 0; from < items; ) {
      int to = Math.min(items, from + 1 + random.nextInt(7));
      intervals.add(new Interval(from, to));
      from = to;
    }
    return intervals;
  }

  private static byte[] joined(Interval interval) {
    Payload.Writer writer = new Payload.Writer();
    for (long item = interval.from(); item < interval.to(); item++) {
      writer.part(new Payload.Part(item, 1, new byte[] {(byte) ('a' + item)}));
    }
    return writer.take();
  }

  private static byte[] part(long block, String value) {
    return Payloads.part(block, 1, Codec.text().encode(value));
  }

  private static BigInteger sum(long from, long to) {
    return BigInteger.valueOf(from + to - 1).multiply(BigInteger.valueOf(to - from)).shiftRight(1);
  }

  private static Merge merge(JobKind kind, long items) {
    return Merges.of(
        kind, items, ItemSink.NONE, new MergeSettings(1 << 16, 1 << 16), Path.of("target"));
  }

  private record Sum() implements ReduceKind<BigInteger> {
    @Override
    public String name() {
      return "sum";
    }

    @Override
    public String summary() {
      return "adds";
    }

    @Override
    public BigInteger identity() {
      return BigInteger.ZERO;
    }

    @Override
    public BigInteger reduce(Numbers numbers, Work work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BigInteger combine(BigInteger left, BigInteger right) {
      return left.add(right);
    }

    @Override
    public Codec<BigInteger> codec() {
      return Codec.integers();
    }
  }

  private record Heavy(int iterations) implements MapKind<Double> {
    @Override
    public String name() {
      return "heavy";
    }

    @Override
    public String summary() {
      return "takes long";
    }

    @Override
    public Double apply(long number, Work work) {
      return value(number);
    }

    double value(long number) {
      double sum = 0;
      for (int i = 0; i < iterations; i++) {
        sum += number * (Math.sin(i * 0.00001) * Math.cos(i * 0.00002));
      }
      return sum;
    }

    @Override
    public Codec<Double> codec() {
      return Codec.doubles(6);
    }
  }

  /** Text put together: exact, but the order matters. */
  private record Joined() implements ReduceKind<String> {
    @Override
    public String name() {
      return "joined";
    }

    @Override
    public String summary() {
      return "joins";
    }

    @Override
    public String identity() {
      return "";
    }

    @Override
    public String reduce(Numbers numbers, Work work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String combine(String left, String right) {
      return left + right;
    }

    @Override
    public Codec<String> codec() {
      return Codec.text();
    }
  }

  /** Shows by parentheses how it was combined. */
  private record Tree(long block) implements ReduceKind<String> {
    @Override
    public String name() {
      return "tree";
    }

    @Override
    public String summary() {
      return "shows its grouping";
    }

    @Override
    public String identity() {
      return "()";
    }

    @Override
    public String reduce(Numbers numbers, Work work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String combine(String left, String right) {
      return "(" + left + right + ")";
    }

    @Override
    public Codec<String> codec() {
      return Codec.text();
    }

    @Override
    public boolean exact() {
      return false;
    }
  }

  private record Doubles() implements ReduceKind<Double> {
    @Override
    public String name() {
      return "doubles";
    }

    @Override
    public String summary() {
      return "adds doubles";
    }

    @Override
    public Double identity() {
      return 0.0;
    }

    @Override
    public Double reduce(Numbers numbers, Work work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Double combine(Double left, Double right) {
      return left + right;
    }

    @Override
    public Codec<Double> codec() {
      return Codec.doubles(6);
    }

    @Override
    public boolean exact() {
      return false;
    }
  }
}
