package io.divvy.node.download;

import io.divvy.node.download.place.Template;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a download does with its list and its folder.
 *
 * @param to DIR
 * @param names how files are called
 * @param again what of an earlier run is done again
 * @param manifest where a copy of the manifest goes
 * @param collect whether files of nodes that do not share DIR are streamed back
 */
public record Manner(
    Path to, Template names, Again again, Optional<Path> manifest, boolean collect) {

  /** What of an earlier run is done again. */
  public enum Again {
    /** What is not there, or not whole. */
    MISSING,
    /** Only what failed. */
    FAILED,
    /** All of it. */
    ALL
  }
}
