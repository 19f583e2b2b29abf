package io.divvy.node.report;

import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.node.download.Failure;
import io.divvy.node.model.Model;
import java.util.List;

/**
 * All there is to say of a download.
 *
 * @param input the list as the user wrote it
 * @param folder where the files are
 * @param collected whether all files are there; else each is in that folder of the node that
 *     fetched it
 * @param digest over the files that are there
 * @param failures the first of them
 * @param leftOut how many items were not tried, since only what failed before was asked for
 * @param duplicates how many lines repeated others
 * @param memoryBytes the peak of all JVMs together, or -1
 */
public record DownloadReport(
    String input,
    String folder,
    boolean collected,
    Model model,
    DownloadOutcome outcome,
    String digest,
    List<Failure> failures,
    long leftOut,
    long duplicates,
    double startSeconds,
    double totalSeconds,
    long memoryBytes) {

  public DownloadReport {
    failures = List.copyOf(failures);
  }
}
