package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.node.input.HostPort;
import io.divvy.node.input.UsageException;
import io.divvy.node.launch.NodeKeeper;
import io.divvy.node.member.NodeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code divvy node}: a JVM that offers workers to the runs of others. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    customSynopsis = "divvy node [OPTION...]",
    header = "Be a node that runs of others can use, until interrupted.",
    description = {
      "",
      "Several of them on one machine find each other without any option, and are one cluster."
          + " Interrupted, a node hands back its work and leaves.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  divvy node                                in as many terminals as you like",
      "  divvy run heavy 1..33 --join 127.0.0.1    in another one",
      "  divvy node --workers 2 --name pi-3",
      "  divvy node --restart                      comes back after a crash",
      "  divvy node --join 127.0.0.1:25710"
    })
final class NodeCommand implements Callable<Integer> {

  private static final int LARGEST_PORT = 65535;

  private final Session session;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "The address to listen at. Default: 127.0.0.1.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "The port to listen at; 0 for any. Default: 25710, or the next free one if it is taken.")
  private @Nullable String port;

  @Option(
      names = "--join",
      paramLabel = "HOST[:PORT]",
      hideParamSyntax = true,
      split = ",",
      description =
          "A node of the cluster to join; may be repeated. Default: the nodes of this user that run"
              + " here.")
  private List<String> join = new ArrayList<>();

  @Option(
      names = {"-j", "--workers"},
      paramLabel = "N",
      description = "How many workers to offer. Default: one for each usable core.")
  private @Nullable String workers;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What to call the node. Default: a name no other node of the cluster has.")
  private @Nullable String name;

  @Option(
      names = "--found",
      description = "Found a new cluster, although nodes are known that cannot be reached.")
  private boolean found;

  @Option(
      names = "--insecure",
      description = "Allow a --host that other machines reach, too, without any protection.")
  private boolean insecure;

  @Option(names = "--json", description = "Print the start-up line as JSON.")
  private boolean json;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings that differ from the defaults.")
  private @Nullable Path config;

  @Option(
      names = "--restart",
      description =
          "Start the node again when it dies or is shut out; interrupted, it leaves as without.")
  private boolean restart;

  @Option(names = "--child", hidden = true)
  private boolean child;

  @Option(names = NodeKeeper.KEPT, hidden = true)
  private @Nullable Path kept;

  @Spec private CommandSpec spec = CommandSpec.create();

  NodeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    DivvySettings settings = DivvySettings.load(Optional.ofNullable(config));
    NodeOptions options = words(settings);
    if (restart) {
      List<String> arguments =
          new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
      arguments.remove("--restart");
      return NodeKeeper.keep(arguments, session.console()::note);
    }
    return session.engine().node(options, settings);
  }

  private NodeOptions words(DivvySettings settings) throws UsageException {
    List<String> members = new ArrayList<>();
    for (String member : join) {
      members.add(HostPort.parse(member, settings.node().port()).numeric().toString());
    }
    return new NodeOptions(
        Optional.ofNullable(host),
        toInt(OptionText.number("--port", port, 0, LARGEST_PORT)),
        members,
        toInt(OptionText.number("--workers", workers, 1, Allotment.MOST_WORKERS))
            .orElse(session.engine().usableCores()),
        name == null ? Optional.empty() : Optional.of(OptionText.name(name)),
        found,
        insecure,
        child,
        Optional.ofNullable(kept),
        json);
  }

  private static OptionalInt toInt(OptionalLong number) {
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }
}
