package io.divvy.coordinator.download;

import io.divvy.protocol.Tried;
import java.io.IOException;
import java.util.List;

/** Is told once of each item what became of it. Called by one thread, which may be kept waiting. */
public interface Sink {

  /**
   * The end of an item.
   *
   * @param entry never one that was present before
   * @param attempts how often it was handed out
   * @param node where its last attempt ran; empty when there was none
   */
  record Ending(Entry entry, Tried tried, int attempts, String node) {}

  /** These items ended, in this order. They are safe when it returns. */
  void ended(List<Ending> endings) throws IOException;
}
