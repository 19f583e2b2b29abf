/**
 * Decides how large chunks are, how many a worker holds, and who is asked to stop early. Start with
 * {@link io.divvy.coordinator.share.Factoring}.
 *
 * <p>These are estimates: a wrong one costs time, never an item.
 */
@NullMarked
package io.divvy.coordinator.share;

import org.jspecify.annotations.NullMarked;
