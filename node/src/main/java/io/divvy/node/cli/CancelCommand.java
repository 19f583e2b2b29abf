package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.node.boot.Home;
import io.divvy.node.input.HostPort;
import io.divvy.node.input.UsageException;
import io.divvy.node.member.Runs;
import io.divvy.node.model.ClusterRuns;
import io.divvy.node.model.Fleet;
import io.divvy.protocol.OneLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code divvy cancel}: ends a run of another terminal, or of another machine. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    customSynopsis = "divvy cancel RUN [--join HOST[:PORT]]",
    header = "End a run of another terminal, as Ctrl-C there does.",
    description = {
      "",
      "The run hands out nothing more, keeps what it has, says so, and ends with exit code 130."
          + " Without --join its command has to be one of yours on this machine, under any model;"
          + " with it, one that works on that cluster, wherever it is and whoever started it.",
      "",
      "RUN is the run's id, or as much of its beginning as tells it from others, at least 4"
          + " characters. A run says its id with -v and in its JSON; without RUN the runs under way"
          + " are listed.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  divvy cancel",
      "  divvy cancel 3f9a",
      "  divvy cancel 3f9a --join 127.0.0.1"
    })
final class CancelCommand implements Callable<Integer> {

  private static final int SHORTEST = 4;

  /** How long the run has to end. */
  private static final long PATIENCE_MILLIS = 5_000;

  private static final long LOOK_MILLIS = 50;

  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "The run's id, or its beginning.")
  private @Nullable String run;

  @Option(
      names = "--join",
      paramLabel = "HOST[:PORT]",
      hideParamSyntax = true,
      split = ",",
      description =
          "A node of the cluster that the run works on; may be repeated. The default port is 25710."
              + " Default: none; DIVVY_JOIN is not read.")
  private List<String> join = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "The address of this machine at which nodes reach this command. Default: 127.0.0.1.")
  private @Nullable String host;

  @Option(
      names = "--insecure",
      description = "Allow a --host that other machines reach, too, without any protection.")
  private boolean insecure;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings that differ from the defaults.")
  private @Nullable Path config;

  CancelCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    return join.isEmpty() ? here() : there();
  }

  // ---- on this machine

  private int here() throws UsageException, IOException, InterruptedException {
    Runs runs = new Runs(Home.of(session.environment()));
    List<Runs.Led> led = runs.led();
    String under =
        led.isEmpty()
            ? "no runs are under way here; --join HOST:PORT asks a cluster"
            : words(led.stream().map(CancelCommand::words).toList());
    String beginning = beginning(under);
    List<Runs.Led> meant = led.stream().filter(each -> each.run().startsWith(beginning)).toList();
    one(meant.stream().map(CancelCommand::words).toList(), under);
    runs.cancel(meant.get(0));
    for (long waited = 0; waited < PATIENCE_MILLIS; waited += LOOK_MILLIS) {
      if (!runs.lasts(meant.get(0))) {
        return cancelled(meant.get(0).run());
      }
      Thread.sleep(LOOK_MILLIS);
    }
    throw new IOException(
        "run "
            + meant.get(0).run()
            + " did not end; kill its process, "
            + meant.get(0).pid()
            + ", if it has to");
  }

  private static String words(Runs.Led led) {
    return led.run() + " (" + led.what() + "; pid " + led.pid() + ")";
  }

  // ---- on a cluster

  private int there()
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
    DivvySettings settings = DivvySettings.load(Optional.ofNullable(config));
    List<HostPort> addresses = new ArrayList<>();
    for (String place : join) {
      addresses.add(HostPort.parse(place, settings.node().port()));
    }
    Optional<String> own =
        host == null ? Optional.empty() : Optional.of(OptionText.host(host, insecure));
    try (ClusterRuns runs = session.engine().runs(addresses, own, settings)) {
      List<ClusterRuns.Led> led =
          run == null || run.length() < SHORTEST ? List.of() : runs.led(run);
      String under =
          led.isEmpty() ? words(runs.led("").stream().map(CancelCommand::words).toList()) : "";
      beginning(under);
      one(led.stream().map(CancelCommand::words).toList(), under);
      if (!runs.cancel(led.get(0))) {
        throw new IOException(
            "run "
                + OneLine.of(led.get(0).run())
                + " did not end; its command at "
                + led.get(0).from()
                + " may hang");
      }
      return cancelled(led.get(0).run());
    }
  }

  private static String words(ClusterRuns.Led led) {
    return OneLine.of(led.run()) + " (" + led.what() + "; from " + led.from() + ")";
  }

  // ---- on either

  /** How the run's id begins. */
  private String beginning(String under) throws UsageException {
    if (run == null) {
      throw new UsageException("which run? give its id; " + under);
    }
    if (run.length() < SHORTEST) {
      throw new UsageException(
          "run '" + run + "' is too short; give at least " + SHORTEST + " characters; " + under);
    }
    return run;
  }

  private void one(List<String> meant, String under) throws UsageException {
    if (meant.size() != 1) {
      throw new UsageException(
          meant.isEmpty()
              ? "no run '" + run + "'; " + under
              : "run '" + run + "' may be any of several; " + words(meant));
    }
  }

  private static String words(List<String> led) {
    return led.isEmpty()
        ? "no runs are under way"
        : "under way: " + led.stream().collect(Collectors.joining(", "));
  }

  private int cancelled(String id) {
    session.console().note("cancelled run " + OneLine.of(id));
    return ExitCodes.DONE;
  }
}
