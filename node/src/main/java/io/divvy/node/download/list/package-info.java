/**
 * The list of what to download: one URL a line, read as a stream, judged line by line.
 *
 * <p>Start with {@link io.divvy.node.download.list.UrlList}. What tells duplicates apart is kept as
 * 128 bits a URL ({@link io.divvy.node.download.list.Mark}), so that a million lines need some
 * thirty megabytes and not the text of all of them.
 */
@NullMarked
package io.divvy.node.download.list;

import org.jspecify.annotations.NullMarked;
