package io.divvy.coordinator.merge;

import static io.divvy.coordinator.merge.Payloads.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.protocol.Interval;
import io.divvy.protocol.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapMergeTest {
  private static final long PLENTY = 1 << 20;

  @TempDir private Path directory = Path.of("unset");

  private final Recorder recorder = new Recorder();

  @Test
  void valuesComeOutInTheOrderOfTheInput() throws IOException {
    Segments segments = new Segments(directory, PLENTY);
    MapMerge merge = merge(9, PLENTY, segments);
    add(merge, 3, 6);
    add(merge, 6, 9);
    assertThat(recorder.told).isEmpty();
    add(merge, 0, 3);
    assertThat(recorder.told).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8");
    assertThat(merge.waitingBytes()).isZero();
  }

  @Test
  void aFailedItemClosesItsGap() throws IOException {
    MapMerge merge = merge(4, PLENTY, new Segments(directory, PLENTY));
    add(merge, 2, 4);
    merge.fail(1);
    add(merge, 0, 1);
    assertThat(recorder.told).containsExactly("0", "!1", "2", "3");
  }

  @Test
  void whatLiesBehindAGapComesAtTheEnd() throws IOException {
    MapMerge merge = merge(10, PLENTY, new Segments(directory, PLENTY));
    add(merge, 6, 8);
    merge.fail(5);
    add(merge, 1, 3);
    Merge.Merged merged = merge.finish();
    assertThat(recorder.told).containsExactly("1", "2", "!5", "6", "7");
    assertThat(merged).isEqualTo(new Merge.Merged("1", digest("1", "2", "6", "7")));
  }

  @Test
  void noValuesHaveTheDigestOfNothing() throws IOException {
    assertThat(merge(0, PLENTY, new Segments(directory, PLENTY)).finish())
        .isEqualTo(
            new Merge.Merged(
                null, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  }

  @Test
  void aValueLineThatCameAlongIsTheResult() throws IOException {
    MapMerge merge = merge(1, PLENTY, new Segments(directory, PLENTY));
    Payload.Writer writer = new Payload.Writer();
    writer.item(new Payload.Item(new byte[] {1}, "one", null, 0));
    merge.add(new Interval(0, 1), writer.take(), ANN);
    assertThat(merge.finish().result()).isEqualTo("one");
  }

  @Test
  void aPayloadThatDoesNotFitItsIntervalIsRefused() {
    MapMerge merge = merge(9, PLENTY, new Segments(directory, PLENTY));
    byte[] two = Payloads.text(new Interval(0, 2));
    assertThatThrownBy(() -> merge.add(new Interval(0, 3), two, ANN))
        .hasMessage("the payload for [0, 3) from ann does not hold 3 values");
    assertThatThrownBy(() -> merge.add(new Interval(9, 11), two, ANN))
        .hasMessage("values for [9, 11), but there are 9 items");
  }

  @Test
  void memoryStaysBoundedAndTheFilesHaveNoNames() throws IOException {
    Segments segments = new Segments(directory, 4000);
    MapMerge merge = merge(10_001, 2000, segments);
    for (long from = 1; from < 10_001; from += 10) {
      add(merge, from, from + 10);
      assertThat(merge.waitingBytes()).isLessThanOrEqualTo(2000);
    }
    assertThat(segments.files()).isBetween(20, 60);
    assertThat(segments.unread()).isGreaterThan(80_000);
    assertThat(merge.runs()).isLessThan(200);
    try (Stream<Path> names = Files.list(directory)) {
      assertThat(names).isEmpty();
    }
    add(merge, 0, 1);
    assertThat(recorder.told).hasSize(10_001).startsWith("0", "1").endsWith("9999", "10000");
    assertThat(segments.files()).isZero();
  }

  @Test
  void aFileIsClosedAsSoonAsAllInItWasPassedOn() throws IOException {
    Segments segments = new Segments(directory, 100);
    MapMerge merge = merge(100, 0, segments);
    byte[] large = new byte[200];
    Interval near = new Interval(1, 2);
    Interval far = new Interval(3, 4);
    merge.add(near, Payloads.items(near, index -> large), ANN);
    merge.add(far, Payloads.items(far, index -> large), ANN);
    assertThat(segments.files()).isEqualTo(2);
    add(merge, 0, 1);
    assertThat(segments.files()).isEqualTo(1);
    merge.close();
    assertThat(segments.files()).isZero();
  }

  @Test
  void aPayloadMayBeLargerThanASegmentAndThanTheBound() throws IOException {
    MapMerge merge = merge(2, 1000, new Segments(directory, 1000));
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    Interval last = new Interval(1, 2);
    merge.add(last, Payloads.items(last, index -> large), ANN);
    assertThat(merge.waitingBytes()).isZero();
    merge.add(new Interval(0, 1), Payloads.items(last, index -> new byte[0]), ANN);
    assertThat(merge.finish().digest()).isEqualTo(digest(List.of(new byte[0], large)));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    MapMerge merge = merge(9, 0, new Segments(file.resolve("below"), PLENTY));
    assertThatThrownBy(() -> add(merge, 5, 6))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot create a segment file in " + file.resolve("below"))
        .hasMessageEndingWith("choose a folder that can be written");
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void neitherOrderNorChunksNorBoundsChangeWhatComesOut(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    long items = random.nextInt(200);
    List<Interval> intervals = new ArrayList<>();
    List<Interval> failed = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (long from = 0; from < items; ) {
      long to = Math.min(items, from + 1 + random.nextInt(12));
      if (random.nextInt(10) == 0) {
        to = from + 1;
        failed.add(new Interval(from, to));
        expected.add("!" + from);
      } else if (random.nextInt(10) > 0) {
        intervals.add(new Interval(from, to));
        LongStream.range(from, to).mapToObj(Long::toString).forEach(expected::add);
      }
      from = to;
    }
    List<Interval> all = new ArrayList<>(intervals);
    all.addAll(failed);
    Collections.shuffle(all, random);

    Path folder = Path.of("target", "segments-of-tests");
    Recorder told = new Recorder();
    try (Segments segments = new Segments(folder, 1 + random.nextInt(300));
        MapMerge merge =
            new MapMerge(items, told, random.nextInt(3000), segments, MapMergeTest::line)) {
      for (Interval interval : all) {
        if (failed.contains(interval)) {
          merge.fail(interval.from());
        } else {
          merge.add(interval, Payloads.text(interval), ANN);
        }
      }
      Merge.Merged merged = merge.finish();
      String[] values =
          expected.stream().filter(text -> !text.startsWith("!")).toArray(String[]::new);
      assertThat(told.told).isEqualTo(expected);
      assertThat(merged.digest()).isEqualTo(digest(values));
      assertThat(merged.result()).isEqualTo(values.length == 0 ? null : values[0]);
      assertThat(segments.files()).isZero();
    }
  }

  @AfterProperty
  void removeTheFolderOfTheProperty() {
    try {
      Files.deleteIfExists(Path.of("target", "segments-of-tests"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MapMerge merge(long items, long memoryBytes, Segments segments) {
    return new MapMerge(items, recorder, memoryBytes, segments, MapMergeTest::line);
  }

  private static String line(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  private static void add(MapMerge merge, long from, long to) throws IOException {
    Interval interval = new Interval(from, to);
    merge.add(interval, Payloads.text(interval), ANN);
  }

  private static String digest(String... values) {
    return digest(
        Arrays.stream(values).map(value -> value.getBytes(StandardCharsets.UTF_8)).toList());
  }

  /** Computed in the plainest way. */
  private static String digest(List<byte[]> values) {
    return PlainDigest.of(values);
  }

  /** What a sink was told, failures marked with an exclamation mark. */
  private static final class Recorder implements ItemSink {
    private final List<String> told = new ArrayList<>();

    @Override
    public void item(long index, Payload.Item item, Merge.Origin origin) {
      assertThat(origin).isEqualTo(ANN);
      told.add(item.value().length > 100 ? "large" : line(item.value()));
    }

    @Override
    public void failed(long index) {
      told.add("!" + index);
    }
  }
}
