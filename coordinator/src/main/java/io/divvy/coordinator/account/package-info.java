/** Where the time of every slot went, as plain arithmetic. */
@NullMarked
package io.divvy.coordinator.account;

import org.jspecify.annotations.NullMarked;
