/**
 * Downloads, put together: a list of URLs ({@code list}) gets names and becomes files ({@code
 * place}), each by one or more tries ({@code fetch}) that nodes make for the command ({@code
 * transfer}), and what became of it is written down ({@code manifest}).
 *
 * <p>Start reading at {@link io.divvy.node.download.Download} for the command's side and at {@link
 * io.divvy.node.download.Fetching} for that of a node.
 */
@NullMarked
package io.divvy.node.download;

import org.jspecify.annotations.NullMarked;
