/**
 * What this machine has: cores, memory, a name; and how much memory JVMs use.
 *
 * <p>Start with {@link io.divvy.node.hardware.Cores} for the figure that counts and {@link
 * io.divvy.node.hardware.Machine} for the whole picture. OSHI takes a good part of a second to
 * start, so it is touched only by {@code Machine}, and by {@code Memory} where there is no {@code
 * /proc}.
 */
@NullMarked
package io.divvy.node.hardware;

import org.jspecify.annotations.NullMarked;
