/**
 * Downloads under several models: where the files come from when no list is given, where they go,
 * and one round of one model.
 *
 * <p>Start with {@link io.divvy.node.compare.download.DownloadTask}.
 */
@NullMarked
package io.divvy.node.compare.download;

import org.jspecify.annotations.NullMarked;
