package io.divvy.node.report;

import io.divvy.coordinator.merge.ItemSink;
import io.divvy.coordinator.merge.Merge;
import io.divvy.job.Numbers;
import io.divvy.protocol.Payload;
import java.io.IOException;

/** Writes items as lines to where lines go. */
public final class StreamedItems implements ItemSink {

  /** Takes lines. */
  @FunctionalInterface
  public interface Lines {
    void add(String line) throws IOException;
  }

  private final ItemLines format;
  private final Numbers numbers;
  private final Lines lines;

  public StreamedItems(ItemLines format, Numbers numbers, Lines lines) {
    this.format = format;
    this.numbers = numbers;
    this.lines = lines;
  }

  @Override
  public void item(long index, Payload.Item item, Merge.Origin origin) throws IOException {
    lines.add(format.item(numbers, index, item, origin));
  }

  @Override
  public void failed(long index) throws IOException {
    lines.add(format.failed(numbers, index));
  }
}
