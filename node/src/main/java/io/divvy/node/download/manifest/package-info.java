/**
 * What became of every URL of a folder, in {@code DIR/.divvy/manifest.jsonl}: the only state that a
 * later run goes by.
 *
 * <p>Start with {@link io.divvy.node.download.manifest.Manifest}. The file is a log while the run
 * lasts, so that a line costs one write, and has one line per URL when it has ended.
 */
@NullMarked
package io.divvy.node.download.manifest;

import org.jspecify.annotations.NullMarked;
