/**
 * Knows of every item of a run whether it is counted, failed, queued or in flight. Start with
 * {@link io.divvy.coordinator.ledger.Ledger}.
 *
 * <p>Everything is kept as disjoint intervals, so a range costs what is in flight, never what it
 * holds. The ledger is mutable because it may hold very many intervals: one actor owns it, and it
 * is never sent.
 */
@NullMarked
package io.divvy.coordinator.ledger;

import org.jspecify.annotations.NullMarked;
