/**
 * The transfers of a node: takes URLs from coordinators of downloads, fetches each on a thread of
 * its own, and reports what came of it. Start with {@link
 * io.divvy.node.download.transfer.Transfers}; how a file is fetched and where it is put is behind
 * {@link io.divvy.node.download.transfer.Fetchers}.
 *
 * <p>A transfer is closed before its permit is given to somebody else: when its lease has ended by
 * this node's own clock, counted from a moment before the coordinator granted it.
 */
@NullMarked
package io.divvy.node.download.transfer;

import org.jspecify.annotations.NullMarked;
