package io.divvy.coordinator.merge;

import io.divvy.protocol.Payload;
import java.io.IOException;

/** Where the values of a map kind go, in the order of the input. */
public interface ItemSink {

  /** The next value. Indices rise; those without a value are told by {@link #failed}. */
  void item(long index, Payload.Item item, Merge.Origin origin) throws IOException;

  /** The item at {@code index} has no value. */
  void failed(long index) throws IOException;

  /** Takes everything and keeps nothing. */
  ItemSink NONE =
      new ItemSink() {
        @Override
        public void item(long index, Payload.Item item, Merge.Origin origin) {}

        @Override
        public void failed(long index) {}
      };
}
