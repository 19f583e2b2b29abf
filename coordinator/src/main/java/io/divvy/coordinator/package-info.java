/**
 * Runs one job: splits its input, hands out chunks, counts and merges what comes back.
 *
 * <p>The decisions are plain values in the packages below, which know no actors; the coordinator
 * actor carries them out.
 */
@NullMarked
package io.divvy.coordinator;

import org.jspecify.annotations.NullMarked;
