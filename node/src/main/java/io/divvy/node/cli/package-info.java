/**
 * The command line: what the words and options mean, and what each command does with them.
 *
 * <p>Start with {@link io.divvy.node.cli.CommandLineProgram}. Every command builds what it needs
 * from its words first, so that wrong usage is told before anything starts; {@link
 * io.divvy.node.cli.Engine} is all it stands on.
 *
 * <p>Words that begin with a dash and a digit are input ({@code run sum -5..5}), not options.
 * Options that come as text are checked here rather than by picocli, so that every complaint has
 * the same shape: what, what we got, what is allowed, what to do.
 */
@NullMarked
package io.divvy.node.cli;

import org.jspecify.annotations.NullMarked;
