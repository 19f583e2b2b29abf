/**
 * What a person types, turned into values, or into one line that says what is wrong.
 *
 * <p>Start with {@link io.divvy.node.input.Ranges}. Every error is a {@link
 * io.divvy.node.input.UsageException} whose message is complete: what, what we got, what is
 * allowed, what to do.
 */
@NullMarked
package io.divvy.node.input;

import org.jspecify.annotations.NullMarked;
