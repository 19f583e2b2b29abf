package io.divvy.coordinator.merge;

import io.divvy.protocol.Interval;
import io.divvy.protocol.Payload;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;

/** Payloads as workers would send them. */
final class Payloads {

  static final Merge.Origin ANN = new Merge.Origin("ann", 1);

  private Payloads() {}

  /** An item for each index, its value the index as text. */
  static byte[] text(Interval interval) {
    return items(interval, index -> Long.toString(index).getBytes(StandardCharsets.UTF_8));
  }

  static byte[] items(Interval interval, LongFunction<byte[]> value) {
    Payload.Writer writer = new Payload.Writer();
    for (long index = interval.from(); index < interval.to(); index++) {
      writer.item(new Payload.Item(value.apply(index), null, null, 7));
    }
    return writer.take();
  }

  static byte[] part(long firstBlock, long blocks, byte[] value) {
    Payload.Writer writer = new Payload.Writer();
    writer.part(new Payload.Part(firstBlock, blocks, value));
    return writer.take();
  }
}
