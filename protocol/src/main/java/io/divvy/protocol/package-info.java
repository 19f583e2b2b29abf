/**
 * The words on the wire: ids, intervals and the messages between commands, agents and workers.
 *
 * <p>Start with {@link io.divvy.protocol.ToAgent}, {@link io.divvy.protocol.ToWorker} and {@link
 * io.divvy.protocol.ToCoordinator}: one sealed interface per direction. Downloads have their own
 * pair, {@link io.divvy.protocol.ToTransfers} and {@link io.divvy.protocol.ToDownload}. Everything
 * sent between JVMs extends {@link io.divvy.protocol.WireMessage}. Hearing a message twice is
 * always harmless: it carries its run, epoch, grant or attempt, and a stale one is recognised.
 *
 * <p>Fields are added over time, never re-used with a new meaning.
 */
@NullMarked
package io.divvy.protocol;

import org.jspecify.annotations.NullMarked;
