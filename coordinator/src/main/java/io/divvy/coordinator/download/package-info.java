/**
 * Shares a list of URLs out over nodes, politely.
 *
 * <p>{@link io.divvy.coordinator.download.DownloadCoordinator} is the actor; it has every decision
 * made by {@link io.divvy.coordinator.download.Sharing}, which knows no actors and is told the
 * time. The list comes from a {@link io.divvy.coordinator.download.Source}, what became of each
 * line goes to a {@link io.divvy.coordinator.download.Sink}, and files that are streamed back to a
 * {@link io.divvy.coordinator.download.Receiver}: these may block and run on threads of their own.
 *
 * <p>An item and the permit of its host share one fate: neither is given again before the result
 * came, the lease ended, or the node's process is known to have ended. Until then the old attempt
 * may still hold its connection and put the file in its place.
 */
@NullMarked
package io.divvy.coordinator.download;

import org.jspecify.annotations.NullMarked;
