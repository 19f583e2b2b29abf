package io.divvy.node.cli;

import io.divvy.node.boot.Home;
import io.divvy.node.input.UsageException;
import io.divvy.node.member.Runs;
import io.divvy.node.member.Runs.Led;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code divvy cancel}: ends a run of another terminal. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    customSynopsis = "divvy cancel RUN",
    header = "End a run of another terminal, as Ctrl-C there does.",
    description = {
      "",
      "The run hands out nothing more, keeps what it has, says so, and ends with exit code 130. It"
          + " may be under any model; its command has to be one of yours on this machine.",
      "",
      "RUN is the run's id, or as much of its beginning as tells it from others, at least 4"
          + " characters. A run says its id with -v and in its JSON; without RUN the runs under way"
          + " are listed.",
      ""
    },
    footer = {"", "Examples:", "  divvy cancel", "  divvy cancel 3f9a"})
final class CancelCommand implements Callable<Integer> {

  private static final int SHORTEST = 4;

  /** How long the run has to end. */
  private static final long PATIENCE_MILLIS = 5_000;

  private static final long LOOK_MILLIS = 50;

  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "RUN", description = "The run's id, or its beginning.")
  private @Nullable String run;

  CancelCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws UsageException, IOException, InterruptedException {
    Runs runs = new Runs(Home.of(session.environment()));
    List<Led> led = runs.led();
    if (run == null) {
      throw new UsageException("which run? give its id; " + words(led));
    }
    if (run.length() < SHORTEST) {
      throw new UsageException(
          "run '"
              + run
              + "' is too short; give at least "
              + SHORTEST
              + " characters; "
              + words(led));
    }
    List<Led> meant = led.stream().filter(each -> each.run().startsWith(run)).toList();
    if (meant.size() != 1) {
      throw new UsageException(
          meant.isEmpty()
              ? "no run '" + run + "'; " + words(led)
              : "run '" + run + "' may be any of several; " + words(meant));
    }
    runs.cancel(meant.get(0));
    for (long waited = 0; waited < PATIENCE_MILLIS; waited += LOOK_MILLIS) {
      if (!runs.lasts(meant.get(0))) {
        session.console().note("cancelled run " + meant.get(0).run());
        return ExitCodes.DONE;
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

  private static String words(List<Led> led) {
    return led.isEmpty()
        ? "no runs are under way"
        : "under way: "
            + led.stream()
                .map(each -> each.run() + " (" + each.what() + "; pid " + each.pid() + ")")
                .collect(Collectors.joining(", "));
  }
}
