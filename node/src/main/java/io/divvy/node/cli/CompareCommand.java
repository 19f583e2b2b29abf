package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.coordinator.Care;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.job.JobKind;
import io.divvy.job.Numbers;
import io.divvy.node.compare.Calibration;
import io.divvy.node.compare.CompareJson;
import io.divvy.node.compare.Comparison.Per;
import io.divvy.node.compare.Rounds;
import io.divvy.node.compare.Trial;
import io.divvy.node.compare.WarmUp;
import io.divvy.node.input.UsageException;
import io.divvy.node.kinds.Wait;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import io.divvy.node.model.Workforce;
import io.divvy.node.report.Console;
import io.divvy.node.report.Json;
import io.divvy.node.report.NoItems;
import io.divvy.node.report.RunJson;
import io.divvy.node.report.Telling;
import io.divvy.protocol.JobSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
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
          + " three rounds or more the first one, in which the code is still cold, does not decide."
          + " Workers that are reached by messages do tiny jobs first, which do not count, until the"
          + " JVMs have compiled what carries messages.",
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
  private static final Duration DEFAULT_WARMUP = Duration.ofSeconds(3);

  /** A job of messages: so many items of no work, each a chunk of its own. */
  private static final String WARMUP_INPUT = "0..500";

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
      names = "--warmup",
      paramLabel = "SECONDS",
      description =
          "How long each model but sequential does tiny jobs before the first round, which do not"
              + " count; 0: not at all. Default: 3.")
  private @Nullable String warmup;

  @Mixin private CompareOptions compared = new CompareOptions();

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
    List<Model> chosen = compared.models(options.joins(session));
    int rounds = compared.rounds();
    Telling.Detail detail = options.detail();
    options.chunk();
    options.care();
    for (Model model : chosen) {
      Allotment.of(model, asked, session.engine().usableCores());
    }

    WarmUp warmUp = warmUp(asked);

    try (Interrupts interrupts = Interrupts.listen(PATIENCE)) {
      Job job = given != null ? given : choose(kind, detail);
      RunPlan plan =
          job.plan(
              asked.workers(),
              asked.nodes(),
              options.chunk(),
              options.care(),
              new JobSpec.Wanted(false, false));
      if (detail != Telling.Detail.QUIET) {
        session
            .console()
            .note(job.header() + "; " + Comparing.words(rounds, chosen) + warmUp.words(chosen));
      }
      try (Comparing comparing =
              new Comparing(
                  session,
                  options,
                  settings,
                  asked,
                  detail,
                  rounds,
                  interrupts,
                  fleet ->
                      new Telling(
                              session.console(),
                              plan,
                              detail,
                              settings.progress(),
                              System::nanoTime)
                          .start(fleet::interrupt));
          Rounds runs =
              new Rounds(
                  comparing,
                  new Computing(plan, warmUp, session.console(), interrupts::requested),
                  chosen,
                  rounds)) {
        Rounds.Ended ended = runs.run();
        interrupts.saying();
        return comparing.say(
            ended,
            Per.CORE,
            new CompareJson.Task(kind.name(), job.input(), RunJson.parameters(kind)),
            new Json().seconds("warmupSeconds", warmUp.time().toNanos() / 1e9),
            "some items failed under every model; 'divvy run' says which and why");
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

  private Job choose(JobKind kind, Telling.Detail detail) throws Exception {
    if (detail != Telling.Detail.QUIET) {
      session.console().bar("choosing a range of about 4 s for one thread");
    }
    long least = ITEMS_PER_CORE * session.engine().usableCores();
    Numbers numbers = Calibration.choose(kind, least, System::nanoTime);
    return new Job(kind, numbers.first() + ".." + (numbers.last() + 1), numbers);
  }

  private WarmUp warmUp(Workforce asked) throws UsageException {
    RunPlan tiny =
        Job.of(new Wait(0), WARMUP_INPUT)
            .plan(
                asked.workers(),
                asked.nodes(),
                OptionalLong.of(1),
                Care.ofRetries(0),
                new JobSpec.Wanted(false, false));
    return new WarmUp(
        tiny, OptionText.time("--warmup", warmup, true).orElse(DEFAULT_WARMUP), System::nanoTime);
  }

  private record Computing(RunPlan plan, WarmUp warmUp, Console console, BooleanSupplier stopped)
      implements Rounds.Task {

    @Override
    public Optional<Trial> warmUp(Fleet fleet, Consumer<JobEvent> listener)
        throws IOException, Fleet.UnreachableException, InterruptedException {
      if (plan.spec().count() == 0 || !warmUp.isFor(fleet.model())) {
        return Optional.empty();
      }
      console.bar("warming up: " + fleet.model().word());
      return warmUp.run(fleet, listener, stopped);
    }

    @Override
    public Trial run(Fleet fleet, Consumer<JobEvent> listener)
        throws IOException, Fleet.UnreachableException, InterruptedException {
      return Trial.of(
          plan.spec().count() == 0
              ? NoItems.done(plan.kind())
              : fleet.run(plan, ItemSink.NONE, listener));
    }
  }
}
