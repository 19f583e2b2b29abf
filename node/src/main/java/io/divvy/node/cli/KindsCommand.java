package io.divvy.node.cli;

import io.divvy.node.kinds.KindDescription;
import io.divvy.node.kinds.KindDescription.ParameterDescription;
import io.divvy.node.report.Json;
import io.divvy.node.report.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code divvy kinds}: what jobs there are. */
@Command(
    name = "kinds",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    header = "Say which kinds of jobs there are, and their parameters.",
    description = "",
    footer = {"", "Examples:", "  divvy kinds", "  divvy kinds --json"})
final class KindsCommand implements Callable<Integer> {

  private final Session session;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  KindsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    List<KindDescription> kinds = session.kinds().describe();
    for (String line : json ? List.of(json(kinds).line()) : table(kinds).lines()) {
      session.console().answer(line);
    }
    session.console().flush();
    return ExitCodes.DONE;
  }

  static Table table(List<KindDescription> kinds) {
    Table table = new Table("ll");
    for (KindDescription kind : kinds) {
      table.row(kind.name(), kind.summary());
      for (ParameterDescription parameter : kind.parameters()) {
        table.row(
            "  " + parameter.name() + "=" + parameter.defaultValue(),
            parameter.meaning().isEmpty() ? parameter.type() : parameter.meaning());
      }
    }
    return table;
  }

  static Json json(List<KindDescription> kinds) {
    return new Json()
        .put("schema", "divvy.kinds/1")
        .put("kinds", kinds.stream().map(KindsCommand::json).toList());
  }

  private static Object json(KindDescription kind) {
    return new Json()
        .put("name", kind.name())
        .put("summary", kind.summary())
        .put("shape", kind.shape())
        .put("params", kind.parameters().stream().map(KindsCommand::json).toList())
        .fields();
  }

  private static Object json(ParameterDescription parameter) {
    return new Json()
        .put("name", parameter.name())
        .put("type", parameter.type())
        .put("default", parameter.defaultValue())
        .put("meaning", parameter.meaning())
        .fields();
  }
}
