package io.divvy.config;

/**
 * How much is kept in memory while an earlier result is missing.
 *
 * @param memoryBytes the payload kept in memory; what comes beyond it goes to segment files
 * @param segmentBytes the size of a segment file
 */
public record MergeSettings(long memoryBytes, long segmentBytes) {}
