package io.divvy.node.download.place;

/**
 * A file that is in its place.
 *
 * @param file its path in DIR, with slashes
 * @param sha256 64 hexadecimal digits in lower case
 */
public record Placed(String file, long bytes, String sha256) {}
