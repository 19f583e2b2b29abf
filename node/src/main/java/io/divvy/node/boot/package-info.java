/**
 * What a JVM needs before it works: its folder, its log file, its actor system. Start with {@link
 * io.divvy.node.boot.Systems}.
 *
 * <p>Logging is set up by {@link io.divvy.node.boot.Logging} before the first logger is asked for,
 * since Logback would print to the console otherwise.
 */
@NullMarked
package io.divvy.node.boot;

import org.jspecify.annotations.NullMarked;
