/**
 * What a run counted, in a file, so that another process can go on where this one died. Start with
 * {@link io.divvy.coordinator.journal.Keeper}, which is all that a coordinator knows of it.
 *
 * <p>The file is a sequence of groups, each with a checksum: what one commit wrote. A group that
 * was torn at the end of the file is what no commit had finished, so nothing of it was
 * acknowledged; it is cut off. Damage anywhere else is told with its offset and never read past.
 */
@NullMarked
package io.divvy.coordinator.journal;

import org.jspecify.annotations.NullMarked;
