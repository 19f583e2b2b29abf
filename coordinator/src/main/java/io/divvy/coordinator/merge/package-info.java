/**
 * Puts results together: values of a map kind in the order of the input, the one value of a
 * reduction. Start with {@link io.divvy.coordinator.merge.Merge}.
 *
 * <p>Memory stays bounded whatever the range: what arrives ahead of a gap goes to segment files.
 */
@NullMarked
package io.divvy.coordinator.merge;

import org.jspecify.annotations.NullMarked;
