package io.divvy.protocol;

import java.util.Map;

/**
 * What all transfers of a download have in common.
 *
 * @param directory the absolute path of DIR on the command's machine
 * @param token the name of a file that the command made in DIR, and nobody can guess: a node that
 *     sees it shares DIR
 * @param collect whether a node that does not share DIR streams its files back; otherwise it keeps
 *     them
 * @param options how to fetch and to place, by name; empty values are allowed
 */
public record DownloadSpec(
    String directory, String token, boolean collect, Map<String, String> options) {

  public DownloadSpec {
    options = Map.copyOf(options);
  }
}
