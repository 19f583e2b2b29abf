package io.divvy.config;

/**
 * How much is kept in memory while an earlier result is missing.
 *
 * @param memoryBytes the payload kept in memory; what comes beyond it goes to segment files
 * @param segmentBytes the size of a segment file
 */
public record MergeSettings(long memoryBytes, long segmentBytes) {
  private static final long KIB = 1024;
  private static final long TIB = 1024L * 1024 * 1024 * 1024;

  public MergeSettings {
    new Checks("divvy.merge")
        .bytesBetween("memory", memoryBytes, KIB, TIB)
        .bytesBetween("segment-size", segmentBytes, KIB, TIB)
        .done();
  }

  static MergeSettings from(Reader reader) {
    return new MergeSettings(reader.bytes("merge.memory"), reader.bytes("merge.segment-size"));
  }
}
