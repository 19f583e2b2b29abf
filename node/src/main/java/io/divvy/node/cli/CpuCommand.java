package io.divvy.node.cli;

import io.divvy.node.hardware.Machine;
import io.divvy.node.report.Json;
import io.divvy.node.report.MachineReport;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code divvy cpu}: what this machine has to compute with. */
@Command(
    name = "cpu",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "Say what processor this machine has, and how many cores Divvy uses and why.",
    description = "",
    footer = {"", "Examples:", "  divvy cpu", "  divvy cpu --json"})
final class CpuCommand implements Callable<Integer> {

  private final Session session;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CpuCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    Machine machine = session.engine().machine();
    List<String> lines = json ? List.of(json(machine).line()) : MachineReport.lines(machine);
    for (String line : lines) {
      session.console().answer(line);
    }
    session.console().flush();
    return ExitCodes.DONE;
  }

  private static Json json(Machine machine) {
    Json json = new Json().put("schema", "divvy.cpu/1");
    MachineReport.json(machine).fields().forEach(json::put);
    return json;
  }
}
