package io.divvy.config;

import java.time.Duration;

/**
 * How runs share the slots of a node.
 *
 * @param quantum how many slot-seconds a run may be ahead of another that wants a slot
 * @param offerTimeout an offer that was not answered for this long is repeated
 */
public record SlotSettings(Duration quantum, Duration offerTimeout) {}
