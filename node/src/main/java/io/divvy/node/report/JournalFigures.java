package io.divvy.node.report;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is said of the journal of a run.
 *
 * @param folder where it is; empty when there is none any more, or never was
 * @param resumed how many items were counted before this command began
 */
public record JournalFigures(Optional<Path> folder, long resumed) {}
