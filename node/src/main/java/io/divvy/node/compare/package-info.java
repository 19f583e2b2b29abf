/**
 * One job, or one download, under several models: the runs, the figures made from them, and the
 * verdict.
 *
 * <p>Start with {@link io.divvy.node.compare.Rounds}, which runs, then {@link
 * io.divvy.node.compare.Comparison}, which only calculates.
 *
 * <p>How warming is made fair: the rounds are interleaved, every model has one run in each, and the
 * median over all rounds counts. The sequential run and {@code threads} share this JVM, the nodes
 * of {@code processes} start cold; from three rounds on the first, in which the job itself is cold,
 * is never the median unless it is no slower. Fewer rounds compare cold code.
 *
 * <p>A run passes some hundred messages, far too few for a JVM to compile what carries them, and
 * each costs milliseconds until then. {@link io.divvy.node.compare.WarmUp} passes thousands before
 * the first round, so that what is compared is the models as they are in a long job.
 */
@NullMarked
package io.divvy.node.compare;

import org.jspecify.annotations.NullMarked;
