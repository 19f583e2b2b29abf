package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.job.JobKind;
import io.divvy.job.Numbers;
import io.divvy.node.compare.Calibration;
import io.divvy.node.compare.CompareJson;
import io.divvy.node.compare.CompareTable;
import io.divvy.node.compare.Comparison;
import io.divvy.node.compare.Rounds;
import io.divvy.node.compare.Verdict;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import io.divvy.node.model.Workforce;
import io.divvy.node.report.Console;
import io.divvy.node.report.Figures;
import io.divvy.node.report.MachineReport;
import io.divvy.node.report.Telling;
import io.divvy.protocol.JobSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code divvy compare}: one job under several models, and what each of them gains. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    customSynopsis = "divvy compare [KIND [INPUT] [NAME=VALUE...]] [OPTION...]",
    header = "Run one job under every model, check that the answers are the same, and compare.",
    description = {
      "",
      "Without KIND the job is 'heavy', without INPUT a range is chosen that takes one thread here"
          + " about 4 s. Every model runs once in each round; the median over the rounds counts. With"
          + " three rounds or more the first one, in which the code is still cold, does not decide.",
      "",
      "speedup: the seconds of one plain thread, divided by those of the model. efficiency: the"
          + " speedup per core that the workers could use.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  divvy compare",
      "  divvy compare heavy 1..33 --repeat 5",
      "  divvy compare primes 0..2e7 --models sequential,threads",
      "  divvy compare heavy 1..33 --join 127.0.0.1 --json"
    })
final class CompareCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int DEFAULT_REPEAT = 3;
  private static final String DEFAULT_KIND = "heavy";

  /** Items of some milliseconds, so that many cores get an even share of four seconds. */
  private static final List<String> DEFAULT_PARAMETERS = List.of("iterations=1000000");

  /** A chosen range has at least so many items for each core. */
  private static final long ITEMS_PER_CORE = 4;

  private final Session session;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "[KIND [INPUT] [NAME=VALUE...]]",
      hideParamSyntax = true,
      description = "The job, as for 'divvy run'.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--models",
      paramLabel = "MODEL,...",
      hideParamSyntax = true,
      split = ",",
      description =
          "Which models to run. Default: sequential,threads,processes; with --join, cluster too.")
  private List<String> models = new ArrayList<>();

  @Option(names = "--repeat", paramLabel = "R", description = "How many rounds. Default: 3.")
  private @Nullable String repeat;

  @Mixin private JobOptions options = new JobOptions();

  CompareCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    Job.Words sorted = Job.sort(words, spec);
    JobKind kind = kind(sorted);
    @Nullable Job given = sorted.input().isPresent() ? Job.of(kind, sorted.input().get()) : null;
    DivvySettings settings = options.settings();
    Workforce asked = options.workforce(session, settings);
    List<Model> chosen = models();
    int rounds = (int) OptionText.number("--repeat", repeat, 1, 10_000).orElse(DEFAULT_REPEAT);
    Telling.Detail detail = options.detail();
    options.chunk();
    options.retries();
    for (Model model : chosen) {
      Allotment.of(model, asked, session.engine().usableCores());
    }

    try (Interrupts interrupts = Interrupts.listen(PATIENCE)) {
      Job job = given != null ? given : choose(kind, detail);
      RunPlan plan =
          job.plan(
              asked.workers(),
              asked.nodes(),
              options.chunk(),
              options.retries(),
              new JobSpec.Wanted(false, false));
      if (detail != Telling.Detail.QUIET) {
        session
            .console()
            .note(job.header() + "; " + Figures.counted(rounds, "round") + " of " + names(chosen));
      }
      try (Surroundings surroundings =
              new Surroundings(plan, asked, settings, detail, rounds, interrupts);
          Rounds runs = new Rounds(surroundings, plan, chosen, rounds)) {
        Rounds.Ended ended = runs.run();
        interrupts.saying();
        return say(job, ended, interrupts.requested());
      }
    } catch (InterruptedException | CancellationException e) {
      // While a range was being chosen: there is nothing to say.
      return ExitCodes.INTERRUPTED;
    }
  }

  private JobKind kind(Job.Words sorted) throws UsageException {
    if (sorted.kind().isPresent()) {
      return session.kinds().bind(sorted.kind().get(), sorted.parameters());
    }
    return session
        .kinds()
        .bind(
            DEFAULT_KIND, sorted.parameters().isEmpty() ? DEFAULT_PARAMETERS : sorted.parameters());
  }

  /**
   * The baseline comes first, so that the first round warms this JVM before others are compared.
   */
  private List<Model> models() throws UsageException {
    Set<Model> chosen = new LinkedHashSet<>();
    if (models.isEmpty()) {
      chosen.addAll(List.of(Model.SEQUENTIAL, Model.THREADS, Model.PROCESSES));
      if (options.joins(session)) {
        chosen.add(Model.CLUSTER);
      }
    }
    for (String word : models) {
      chosen.add(CommonOptions.model(word));
    }
    List<Model> ordered = new ArrayList<>(chosen);
    ordered.sort((a, b) -> Boolean.compare(b == Model.SEQUENTIAL, a == Model.SEQUENTIAL));
    return ordered;
  }

  private Job choose(JobKind kind, Telling.Detail detail) throws Exception {
    if (detail != Telling.Detail.QUIET) {
      session.console().bar("choosing a range of about 4 s for one thread");
    }
    long least = ITEMS_PER_CORE * session.engine().usableCores();
    Numbers numbers = Calibration.choose(kind, least, System::nanoTime);
    return new Job(kind, numbers.first() + ".." + (numbers.last() + 1), numbers);
  }

  private int say(Job job, Rounds.Ended ended, boolean interrupted) throws IOException {
    Console console = session.console();
    Comparison comparison = Comparison.of(ended.measured());
    String verdict = Verdict.of(comparison);
    String status = status(ended, comparison, interrupted);
    if (options.json()) {
      console.answer(
          CompareJson.of(
                  MachineReport.json(session.engine().machine()),
                  job.kind(),
                  job.input(),
                  status,
                  comparison,
                  verdict)
              .line());
    } else if (!comparison.rows().isEmpty()) {
      for (String line : CompareTable.of(comparison).lines()) {
        console.answer(line);
      }
      console.answer("");
      console.answer(verdict);
    }
    console.flush();
    ended.problem().ifPresent(problem -> console.note("divvy: " + problem));
    if (interrupted) {
      console.note("interrupted");
    } else if (!comparison.rows().isEmpty() && !comparison.identical()) {
      console.note("divvy: THE ANSWERS DIFFER");
    } else if (status.equals("failed-items")) {
      console.note("divvy: some items failed under every model; 'divvy run' says which and why");
    }
    return exitCode(status);
  }

  private static String status(Rounds.Ended ended, Comparison comparison, boolean interrupted) {
    if (interrupted) {
      return "interrupted";
    }
    if (ended.broken().isPresent()) {
      return ended.broken().get().status().word();
    }
    if (ended.problem().isPresent()) {
      return "lost";
    }
    if (!comparison.identical()) {
      return "answers-differ";
    }
    boolean failed =
        ended.measured().stream()
            .flatMap(model -> model.outcomes().stream())
            .anyMatch(outcome -> outcome.status() != RunOutcome.Status.DONE);
    return failed ? "failed-items" : "done";
  }

  private static int exitCode(String status) {
    return switch (status) {
      case "done" -> ExitCodes.DONE;
      case "interrupted" -> ExitCodes.INTERRUPTED;
      case "lost" -> ExitCodes.UNREACHABLE;
      default -> ExitCodes.FAILED;
    };
  }

  private static String names(List<Model> models) {
    return String.join(", ", models.stream().map(Model::word).toList());
  }

  /** What happens around each run of the rounds. */
  private final class Surroundings implements Rounds.Surroundings, AutoCloseable {
    private final RunPlan plan;
    private final Workforce asked;
    private final DivvySettings settings;
    private final Telling.Detail detail;
    private final int rounds;
    private final Interrupts interrupts;
    private @Nullable Telling telling;

    Surroundings(
        RunPlan plan,
        Workforce asked,
        DivvySettings settings,
        Telling.Detail detail,
        int rounds,
        Interrupts interrupts) {
      this.plan = plan;
      this.asked = asked;
      this.settings = settings;
      this.detail = detail;
      this.rounds = rounds;
      this.interrupts = interrupts;
    }

    @Override
    public Fleet start(Model model)
        throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
      Allotment allotment = Allotment.of(model, asked, session.engine().usableCores());
      interrupts.starting();
      session.console().bar("starting: " + allotment.words());
      return session.engine().start(model, allotment.of(asked), settings, options.childArguments());
    }

    @Override
    public Consumer<JobEvent> beforeRun(int round, Fleet fleet) {
      interrupts.working(fleet);
      Telling started =
          new Telling(session.console(), plan, detail, settings.progress(), System::nanoTime);
      telling = started;
      return started.start(fleet::interrupt);
    }

    @Override
    public void afterRun(int round, Fleet fleet, @Nullable RunOutcome outcome) {
      interrupts.saying();
      close();
      if (outcome != null && detail != Telling.Detail.QUIET) {
        session
            .console()
            .note(
                "round "
                    + round
                    + " of "
                    + rounds
                    + ": "
                    + fleet.model().word()
                    + " "
                    + Figures.seconds(outcome.seconds()));
      }
    }

    @Override
    public boolean stopped() {
      return interrupts.requested();
    }

    @Override
    public void close() {
      if (telling != null) {
        telling.close();
      }
    }
  }
}
