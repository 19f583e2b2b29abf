/**
 * Fetches one URL once. Start with {@link io.divvy.node.download.fetch.HttpFetcher}; what it hands
 * on is in {@link io.divvy.node.download.fetch.Target}, how it ends in {@link
 * io.divvy.node.download.fetch.Outcome}.
 *
 * <p>There are no second attempts here, no politeness and no files. A thread is blocked for each
 * transfer: of the clients that were measured that costs the least processor time, and a cold JVM
 * has the first byte soonest.
 *
 * <p>A server is not believed. What the client library reads generously is read strictly here: one
 * place each for the lines of an answer, the length of its body, the chunks, and what follows its
 * end.
 */
@NullMarked
package io.divvy.node.download.fetch;

import org.jspecify.annotations.NullMarked;
