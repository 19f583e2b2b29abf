/**
 * The four models: where the workers of a run live. Start with {@link io.divvy.node.model.Fleet}.
 */
@NullMarked
package io.divvy.node.model;

import org.jspecify.annotations.NullMarked;
