package io.divvy.node.cli;

import io.divvy.node.input.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code divvy} without a command. */
@Command(
    name = "divvy",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header = "Divides work and shares it out over threads, processes and machines.",
    description = "",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start here:",
      "  divvy compare                        one job under every model, and what it gains",
      "  divvy run sum 0..100000000           one job",
      "  divvy node                           a node that others can use; start several",
      "  divvy COMMAND --help                 all options of a command, with examples",
      "  source <(divvy generate-completion)  completion for this shell (bash, zsh)",
      "",
      "Exit codes: 0 all done; 1 some items failed, or answers differ; 2 wrong usage or settings;",
      "3 no node reachable, or all lost; 130, 143, 129 interrupted by INT, TERM, HUP."
    })
final class DivvyCommand implements Callable<Integer> {

  @Override
  public Integer call() throws UsageException {
    throw new UsageException(
        "no command given; try 'divvy compare', or 'divvy --help' for all commands");
  }
}
