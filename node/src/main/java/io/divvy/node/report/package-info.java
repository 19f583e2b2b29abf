/**
 * What a command says: the answer on stdout, everything about it on stderr, or one JSON object.
 *
 * <p>Start with {@link io.divvy.node.report.Console}, which owns both streams. {@link
 * io.divvy.node.report.Telling} listens to a run; {@link io.divvy.node.report.RunJson} and {@link
 * io.divvy.node.report.CompareJson} fix the names that other programs read. Nothing here decides
 * anything about a run.
 */
@NullMarked
package io.divvy.node.report;

import org.jspecify.annotations.NullMarked;
