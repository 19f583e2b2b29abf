/**
 * Computes: one worker actor and one compute thread for each slot of a node. Start with {@link
 * io.divvy.node.worker.Worker}, then {@link io.divvy.node.worker.Computer}.
 *
 * <p>The actor never computes and the thread never sends: between them stand an inbox of tasks and
 * an {@link io.divvy.node.worker.Outbox} of results. So a message is heard at once however long an
 * item takes. {@link io.divvy.node.worker.Computation} needs neither of them, and is also what the
 * model without actors runs.
 */
@NullMarked
package io.divvy.node.worker;

import org.jspecify.annotations.NullMarked;
