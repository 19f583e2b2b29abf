/**
 * Typed settings. {@code reference.conf} holds every key with its default and what it means; the
 * records here check the values. Only the program's start reads configuration: everything else is
 * given the few values it uses.
 */
@NullMarked
package io.divvy.config;

import org.jspecify.annotations.NullMarked;
