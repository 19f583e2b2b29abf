/**
 * The cluster of nodes: who is in it, how a node finds it, how it leaves. Start with {@code
 * Joining}, which decides whom to join and when to found.
 *
 * <p>Nothing here decides what becomes of work: membership is only the list of whom to ask.
 */
@NullMarked
package io.divvy.node.member;

import org.jspecify.annotations.NullMarked;
