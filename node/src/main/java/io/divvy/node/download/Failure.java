package io.divvy.node.download;

/**
 * Why a URL is not there.
 *
 * @param line of the list
 * @param cause by which failures are grouped
 * @param text one line
 */
public record Failure(int line, String url, String cause, String text) {}
