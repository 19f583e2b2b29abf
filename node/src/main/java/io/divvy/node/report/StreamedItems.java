package io.divvy.node.report;

import io.divvy.coordinator.merge.ItemSink;
import io.divvy.coordinator.merge.Merge;
import io.divvy.job.Numbers;
import io.divvy.protocol.Payload;
import java.io.IOException;

/**
 * Writes items as lines to where lines go. Where a run was interrupted, some items may be there and
 * others before them not: so that nobody takes a line for that of another item, those are told.
 */
public final class StreamedItems implements ItemSink {

  /** Takes lines. */
  @FunctionalInterface
  public interface Lines {
    void add(String line) throws IOException;
  }

  private final ItemLines format;
  private final Numbers numbers;
  private final Lines lines;
  private long next;

  public StreamedItems(ItemLines format, Numbers numbers, Lines lines) {
    this.format = format;
    this.numbers = numbers;
    this.lines = lines;
  }

  @Override
  public void item(long index, Payload.Item item, Merge.Origin origin) throws IOException {
    tellMissing(index);
    lines.add(format.item(numbers, index, item, origin));
  }

  @Override
  public void failed(long index) throws IOException {
    tellMissing(index);
    lines.add(format.failed(numbers, index));
  }

  private void tellMissing(long index) throws IOException {
    if (index > next) {
      lines.add(format.missing(numbers, next, index));
    }
    next = index + 1;
  }
}
