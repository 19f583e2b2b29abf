package io.divvy.config;

import java.time.Duration;

/**
 * How runs share the slots of a node.
 *
 * @param quantum how many slot-seconds a run may be ahead of another that wants a slot
 * @param offerTimeout an offer that was not answered for this long is repeated
 */
public record SlotSettings(Duration quantum, Duration offerTimeout) {

  public SlotSettings {
    new Checks("divvy.slots")
        .atLeast("quantum", quantum, Duration.ofMillis(10))
        .atLeast("offer-timeout", offerTimeout, Duration.ofMillis(10))
        .done();
  }

  static SlotSettings from(Reader reader) {
    return new SlotSettings(
        reader.duration("slots.quantum"), reader.duration("slots.offer-timeout"));
  }
}
