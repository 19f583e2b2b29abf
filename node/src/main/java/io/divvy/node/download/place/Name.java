package io.divvy.node.download.place;

import java.util.Optional;

/**
 * Where in DIR a file goes, as the list decided.
 *
 * @param folder the sub-folder with a slash at its end; empty for DIR itself
 * @param stem the name without the extension
 * @param extension with its dot; absent when the answer's content type decides
 */
public record Name(String folder, String stem, Optional<String> extension) {

  /** The path in DIR, with slashes. */
  public String path(Optional<String> contentType) {
    return folder + stem + ending(contentType);
  }

  /** The same with a number of 2 or more before the extension, for when the name is taken. */
  public String numbered(int number, Optional<String> contentType) {
    String ending = ending(contentType);
    return folder + FileNames.fitted(stem, "-" + number, ending.length()) + ending;
  }

  private String ending(Optional<String> contentType) {
    return extension.orElseGet(() -> contentType.map(Extensions::of).orElse(""));
  }
}
