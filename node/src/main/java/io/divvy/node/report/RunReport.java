package io.divvy.node.report;

import io.divvy.coordinator.RunOutcome;
import io.divvy.node.drill.Drilled;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import java.util.List;

/**
 * Everything that is said of a run when it is over.
 *
 * @param input the input as the user wrote it
 * @param startSeconds how long the model's nodes took to start
 * @param totalSeconds how long the command took
 * @param memoryBytes the peak of the memory of all JVMs together, or -1
 * @param journal what was resumed, and where to resume from
 * @param drills what became of the faults that were asked for
 */
public record RunReport(
    RunPlan plan,
    String input,
    Model model,
    RunOutcome outcome,
    double startSeconds,
    double totalSeconds,
    long memoryBytes,
    JournalFigures journal,
    List<Drilled> drills) {
  public RunReport {
    drills = List.copyOf(drills);
  }
}
