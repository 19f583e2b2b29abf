/**
 * Node JVMs that a command starts for itself, and ends again. Start with {@link
 * io.divvy.node.launch.ChildJvm}.
 *
 * <p>A child hangs on a pipe from its parent: when the parent dies, however, the pipe closes and
 * the child halts.
 */
@NullMarked
package io.divvy.node.launch;

import org.jspecify.annotations.NullMarked;
