/**
 * What happens in a run, as a stream. Progress, logs and reports only listen to it: they decide
 * nothing.
 */
@NullMarked
package io.divvy.coordinator.event;

import org.jspecify.annotations.NullMarked;
