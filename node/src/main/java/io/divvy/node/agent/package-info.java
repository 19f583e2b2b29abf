/**
 * Owns the slots of a node and shares them among runs. Start with {@link
 * io.divvy.node.agent.Agent}; who gets a slot, and who gives one up, is decided by {@link
 * io.divvy.node.agent.FairShare}.
 */
@NullMarked
package io.divvy.node.agent;

import org.jspecify.annotations.NullMarked;
