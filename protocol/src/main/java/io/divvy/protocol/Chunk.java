package io.divvy.protocol;

/**
 * An interval handed to one worker.
 *
 * @param attempt unique within the run; no hand-out has the number of another
 * @param from the first index
 * @param to the index after the last
 */
public record Chunk(long attempt, long from, long to) {}
