/**
 * Faults put into a real run on purpose, and what each cost. Start with {@link
 * io.divvy.node.drill.DrillPlan}, then {@link io.divvy.node.drill.Exercise}, which decides.
 *
 * <p>A command cannot outlive its own death: when it is to be killed, a keeper process runs it and
 * starts it again, and the two tell each other in a {@link io.divvy.node.drill.DrillRecord}.
 */
@NullMarked
package io.divvy.node.drill;

import org.jspecify.annotations.NullMarked;
