package io.divvy.node.cli;

import io.divvy.node.drill.DrillPlan;
import io.divvy.node.drill.DrillRecord;
import io.divvy.node.drill.Drills;
import io.divvy.node.drill.Fault;
import io.divvy.node.hardware.MachineId;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that put faults into a run on purpose. */
final class DrillOptions {

  static final String DRILL = "--drill";

  /** Tells a command that it has a keeper, and where the two tell each other of drills. */
  static final String FOLDER = "--drill-folder";

  @Option(
      names = DRILL,
      paramLabel = "FAULT@P%[:TIME],...",
      hideParamSyntax = true,
      description =
          "Have this fail once P%% of the items are counted, and say what it cost: kill-worker,"
              + " pause-worker (for TIME, 8s unless given) and kill-coordinator.")
  private @Nullable String drill;

  @Option(names = FOLDER, hidden = true)
  private @Nullable Path folder;

  /** The drills that are asked for, checked. */
  DrillPlan plan(Model model) throws UsageException {
    if (drill == null) {
      return DrillPlan.NONE;
    }
    DrillPlan plan =
        DrillPlan.parse(drill, text -> OptionText.time(DRILL, text, false).orElse(Duration.ZERO));
    boolean ownProcesses = model == Model.PROCESSES || model == Model.CLUSTER;
    for (Fault fault : new Fault[] {Fault.KILL_WORKER, Fault.PAUSE_WORKER}) {
      if (plan.has(fault) && !ownProcesses) {
        throw new UsageException(
            "--drill "
                + fault.word()
                + " needs workers in processes of their own, but the model is "
                + model.word()
                + "; give --model processes or --model cluster");
      }
    }
    return plan;
  }

  /** Whether the command has to be run by a keeper, and has none. */
  boolean needsKeeper(DrillPlan plan) {
    return folder == null && plan.has(Fault.KILL_COORDINATOR);
  }

  /** Whether a keeper runs the command. */
  boolean kept() {
    return folder != null;
  }

  /** The drills, to be done by this command. */
  Drills drills(DrillPlan plan, Consumer<String> say) throws IOException {
    return new Drills(plan, record(), MachineId.current(), say);
  }

  /** Where to tell a keeper of drills. */
  Optional<DrillRecord> record() {
    return Optional.ofNullable(folder).map(DrillRecord::new);
  }
}
