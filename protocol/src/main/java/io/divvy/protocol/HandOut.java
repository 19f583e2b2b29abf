package io.divvy.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A URL handed to one node, with a permit of its host.
 *
 * @param attempt unique within the run; no hand-out has the number of another
 * @param item the index in the list
 * @param url as the list has it
 * @param name the parts of the file's name
 * @param sha256 the expected checksum, 64 hexadecimal digits, or null
 * @param tries how many tries of the item failed before
 */
public record HandOut(
    long attempt, long item, String url, Name name, @Nullable String sha256, int tries) {

  /**
   * A file's name, cleaned and unlike every other of the run.
   *
   * @param stem what comes before the extension; relative to DIR
   * @param extension with its dot, may be empty; null when the content type decides
   * @param fixed whether the list demands just this name
   */
  public record Name(String stem, @Nullable String extension, boolean fixed) {}
}
