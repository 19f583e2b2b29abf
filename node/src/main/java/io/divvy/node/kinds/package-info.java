/**
 * The built-in job kinds, and the registry that finds kinds, built-in or not, by name.
 *
 * <p>Start with {@link io.divvy.node.kinds.Power} for a kind at its smallest, then {@link
 * io.divvy.node.kinds.Kinds}. The built-in kinds use nothing but {@code io.divvy.job}: they are
 * what a user's own kind looks like.
 */
@NullMarked
package io.divvy.node.kinds;

import org.jspecify.annotations.NullMarked;
