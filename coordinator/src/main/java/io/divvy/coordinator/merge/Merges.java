package io.divvy.coordinator.merge;

import io.divvy.config.MergeSettings;
import io.divvy.job.Codec;
import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.job.ReduceKind;
import java.nio.file.Path;

/** The merge that fits a kind. */
public final class Merges {

  private Merges() {}

  /**
   * A merge that has nothing yet.
   *
   * @param sink where the values of a map kind go; a reduction has none to pass on
   * @param directory where segment files are made, once any are needed
   */
  public static Merge of(
      JobKind kind, long items, ItemSink sink, MergeSettings settings, Path directory) {
    if (kind instanceof MapKind<?> map) {
      return ofMap(map.codec(), items, sink, settings, directory);
    }
    if (kind instanceof ReduceKind<?> reduce) {
      return new ReduceMerge<>(reduce);
    }
    throw new IllegalArgumentException("a kind that is neither map nor reduction: " + kind.name());
  }

  private static <V> Merge ofMap(
      Codec<V> codec, long items, ItemSink sink, MergeSettings settings, Path directory) {
    return new MapMerge(
        items,
        sink,
        settings.memoryBytes(),
        new Segments(directory, settings.segmentBytes()),
        bytes -> codec.line(codec.decode(bytes)));
  }
}
