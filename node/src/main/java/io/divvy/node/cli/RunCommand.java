package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.node.drill.DrillPlan;
import io.divvy.node.drill.DrillRecord;
import io.divvy.node.drill.Drills;
import io.divvy.node.input.Suggestions;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import io.divvy.node.model.Workforce;
import io.divvy.node.report.Console;
import io.divvy.node.report.ItemLines;
import io.divvy.node.report.JournalFigures;
import io.divvy.node.report.NoItems;
import io.divvy.node.report.OutputFile;
import io.divvy.node.report.RunJson;
import io.divvy.node.report.RunReport;
import io.divvy.node.report.RunText;
import io.divvy.node.report.StreamedItems;
import io.divvy.node.report.Telling;
import io.divvy.protocol.JobSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code divvy run}: one job under one model. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    customSynopsis = "divvy run KIND INPUT [NAME=VALUE...] [OPTION...]",
    header = "Run one job.",
    description = {
      "",
      "KIND is one of 'divvy kinds'. INPUT is a range: A..B without B, A..=B with B, A..B:STEP; _ and"
          + " exponents are fine (0..100_000_000, 0..1e8). NAME=VALUE sets a parameter of the kind.",
      "",
      "The answer goes to stdout, everything else to stderr. With --output the answer goes to FILE"
          + " instead, which appears when all of it is there.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  divvy run sum 0..100000000",
      "  divvy run heavy 1..9 --model processes --nodes 2 -v",
      "  divvy run power 0..100000 exponent=1000 --output powers.txt",
      "  divvy run primes 0..2e7 --join 127.0.0.1 --json",
      "  divvy run primes 0..2e9 --journal primes",
      "  divvy run primes 0..2e9 --journal primes --resume --model processes",
      "  divvy run heavy 1..99 --model processes --drill kill-worker@40%%,kill-coordinator@80%%"
    })
final class RunCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Session session;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "KIND INPUT [NAME=VALUE...]",
      hideParamSyntax = true,
      description = "The job.")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "sequential, threads, processes or cluster. Default: threads; with --join, cluster.")
  private @Nullable String model;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write the values to FILE, not to stdout.")
  private @Nullable String output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "lines: a value a line, a failed item as '!failed INDEX', items that an interrupted run did not"
              + " compute as '!missing FROM..TO'. jsonl: a JSON object a line, with"
              + " item (the number of the input), value, node and seconds.")
  private @Nullable String format;

  @Option(
      names = "--verify",
      paramLabel = "P%",
      description =
          "Compute about P%% of the items once more while the run lasts, on one more thread here, and"
              + " compare. Default: none.")
  private @Nullable String verify;

  @Option(
      names = "--dry-run",
      description = "Say what would be done: items, first chunks, nodes. Start nothing.")
  private boolean dryRun;

  @Mixin private JobOptions options = new JobOptions();

  @Mixin private JournalOptions journals = new JournalOptions();

  @Mixin private DrillOptions drilling = new DrillOptions();

  RunCommand(Session session) {
    this.session = session;
  }

  /** What was asked for, understood and checked. */
  private record Request(
      Job job,
      RunPlan plan,
      Workforce asked,
      Allotment allotment,
      ItemLines lines,
      Telling.Detail detail,
      DivvySettings settings,
      Journaling journal,
      DrillPlan drillPlan,
      Drills drills) {}

  @Override
  public Integer call() throws Exception {
    Job job = Job.of(session.kinds(), Job.sort(words, spec));
    Request request = request(job);
    if (dryRun) {
      DryRun plan = new DryRun(job, request.allotment(), request.plan().chunk());
      for (String line : options.json() ? List.of(plan.json().line()) : plan.lines()) {
        session.console().answer(line);
      }
      session.console().flush();
      return ExitCodes.DONE;
    }
    if (drilling.needsKeeper(request.drillPlan())) {
      return new DrillKeeper(
              session.console(), arguments(), journals.folder(), line -> note(request, line))
          .keep(journals.resumes());
    }
    if (drilling.kept()) {
      DrillKeeper.leaveWithKeeper(System.in);
    }
    if (output == null) {
      return run(request, null);
    }
    try (OutputFile file = OutputFile.open(output)) {
      return run(request, file);
    }
  }

  private List<String> arguments() {
    return spec.root().commandLine().getParseResult().originalArgs();
  }

  private Request request(Job job) throws UsageException, IOException {
    DivvySettings settings = options.settings();
    Workforce asked = options.workforce(session, settings);
    Allotment allotment =
        Allotment.of(options.model(model, session), asked, session.engine().usableCores());
    ItemLines lines = lines();
    boolean written = output != null || !options.json();
    RunPlan plan =
        job.plan(
            allotment.workers(),
            allotment.nodes(),
            options.chunk(),
            options.care().verifying(verify == null ? 0 : OptionText.share("--verify", verify)),
            new JobSpec.Wanted(written, written && lines == ItemLines.DISPLAY));
    Telling.Detail detail = options.detail();
    DrillPlan drills = drilling.plan(allotment.model());
    return new Request(
        job,
        plan,
        asked,
        allotment,
        lines,
        detail,
        settings,
        new Journaling(session, plan.spec(), job.input(), arguments()),
        drills,
        drilling.drills(
            drills, detail == Telling.Detail.QUIET ? line -> {} : session.console()::note));
  }

  private ItemLines lines() throws UsageException {
    if (format == null) {
      return output == null ? ItemLines.DISPLAY : ItemLines.VALUES;
    }
    return switch (format) {
      case "lines" -> ItemLines.VALUES;
      case "jsonl" -> ItemLines.JSONL;
      default ->
          throw new UsageException(
              Suggestions.unknown("format", format, List.of("lines", "jsonl")));
    };
  }

  private int run(Request request, @Nullable OutputFile file) throws Exception {
    Journaling journal = request.journal();
    journal.open(journals, request.detail() != Telling.Detail.QUIET, request.settings().journal());
    Drills drills = request.drills();
    drills.resumed(journal.figures().resumed());
    drills.unfinished(file == null ? Optional.empty() : file.unfinished());
    try (Interrupts interrupts = Interrupts.listen(PATIENCE);
        journal;
        drills;
        Telling telling =
            new Telling(
                session.console(),
                request.plan(),
                request.detail(),
                request.settings().progress(),
                System::nanoTime)) {
      return run(request, file, interrupts, telling);
    } catch (IOException e) {
      if (file != null && file.problem().isPresent()) {
        throw new IOException(file.problem().get(), e);
      }
      throw e;
    }
  }

  private int run(
      Request request, @Nullable OutputFile file, Interrupts interrupts, Telling telling)
      throws Exception {
    if (request.job().numbers().count() == 0) {
      note(request, request.job().header());
      return say(request, NoItems.done(request.job().kind()), 0, -1, file, telling);
    }
    session.console().bar("starting: " + request.allotment().words());
    try {
      return run(request, start(request), file, interrupts, telling);
    } catch (Fleet.UnreachableException e) {
      if (options.json()) {
        sayJson(report(request, notBegun(request, Status.LOST, e.getMessage()), 0, -1));
      }
      throw e;
    } catch (InterruptedException e) {
      if (!interrupts.requested()) {
        throw new IllegalStateException("interrupted by nobody", e);
      }
      interrupts.saying();
      return say(request, notBegun(request, Status.INTERRUPTED, null), 0, -1, file, telling);
    }
  }

  private int run(
      Request request,
      Fleet fleet,
      @Nullable OutputFile file,
      Interrupts interrupts,
      Telling telling)
      throws Exception {
    try (Listing listing = new Listing(session, request.job().name())) {
      interrupts.working(fleet);
      note(request, request.job().header() + "; " + request.allotment().words());
      telling.start(fleet::interrupt);
      RunOutcome outcome =
          fleet.run(
              request.plan(),
              sink(request, file),
              request.journal().keeper(),
              listing.before(telling).andThen(request.drills()));
      interrupts.saying();
      request.drills().close();
      double startSeconds = fleet.startSeconds();
      long memoryBytes = fleet.peakMemoryBytes();
      if (!interrupts.requested()) {
        // Stopping is part of the time. Once interrupted, there may be no time for it.
        fleet.close();
      }
      return say(request, outcome, startSeconds, memoryBytes, file, telling);
    } finally {
      fleet.close();
    }
  }

  private Fleet start(Request request)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
    if (!request.journal().finished()) {
      return options.start(session, request.allotment(), request.asked(), request.settings());
    }
    // Nothing is left to compute, so nobody is needed for it.
    return session
        .engine()
        .start(
            Model.SEQUENTIAL,
            request.allotment().of(request.asked()),
            request.settings(),
            List.of());
  }

  private ItemSink sink(Request request, @Nullable OutputFile file) {
    Numbers numbers = request.job().numbers();
    if (file != null) {
      return new StreamedItems(request.lines(), numbers, file::add);
    }
    return options.json()
        ? ItemSink.NONE
        : new StreamedItems(request.lines(), numbers, session.console()::answer);
  }

  private static RunOutcome notBegun(Request request, Status status, @Nullable String problem) {
    return NoItems.notBegun(request.job().kind(), status, request.job().numbers().count(), problem);
  }

  private RunReport report(Request request, RunOutcome outcome, double startSeconds, long memory) {
    return new RunReport(
        request.plan(),
        request.job().input(),
        request.allotment().model(),
        outcome,
        startSeconds,
        session.seconds(),
        memory,
        figures(request, outcome),
        request.drills().results());
  }

  /** The journal that a keeper made goes with it when nothing is left to do. */
  private JournalFigures figures(Request request, RunOutcome outcome) {
    JournalFigures figures = request.journal().figures();
    boolean goes =
        outcome.remaining() == 0
            && drilling.record().isPresent()
            && figures.folder().equals(drilling.record().map(DrillRecord::journal));
    return goes ? new JournalFigures(Optional.empty(), figures.resumed()) : figures;
  }

  /** Says how the run ended, once. The result is the exit code. */
  private int say(
      Request request,
      RunOutcome outcome,
      double startSeconds,
      long memoryBytes,
      @Nullable OutputFile file,
      Telling telling)
      throws IOException {
    telling.close();
    Console console = session.console();
    if (console.outFailure() != null) {
      // What ended the run; the caller tells whether it is worth a word.
      throw new IOException("cannot write to stdout", console.outFailure());
    }
    List<String> kept = answer(request, outcome, file);
    console.flush();
    request.journal().end(outcome);
    if (outcome.remaining() == 0 && drilling.record().isPresent()) {
      drilling.record().get().completed();
    }
    RunReport report = report(request, outcome, startSeconds, memoryBytes);
    if (options.json()) {
      sayJson(report);
    }
    console.flush();
    RunText.ending(report, request.detail()).forEach(console::note);
    kept.forEach(line -> note(request, line));
    RunOutcome.Verified verified = outcome.verified();
    if (verified != null && !verified.differing().isEmpty()) {
      RunText.differing(report).forEach(console::note);
      return outcome.status() == Status.DONE ? ExitCodes.FAILED : ExitCodes.of(outcome.status());
    }
    return ExitCodes.of(outcome.status());
  }

  /** Completes the answer. The result says where it is, if not on stdout. */
  private List<String> answer(Request request, RunOutcome outcome, @Nullable OutputFile file)
      throws IOException {
    boolean reduction = request.job().kind() instanceof ReduceKind<?>;
    if (file != null) {
      if (reduction && outcome.result() != null) {
        file.add(request.lines().reduction(outcome.result()));
      }
      if (outcome.status() == Status.DONE
          || (outcome.status() == Status.FAILED_ITEMS && !reduction)) {
        file.complete();
        return List.of("written to " + output);
      }
      return List.of("what there is so far is in " + file.keepPartial());
    }
    if (reduction && outcome.status() == Status.DONE && !options.json()) {
      session.console().answer(request.lines().reduction(outcome.result()));
    }
    return List.of();
  }

  private void sayJson(RunReport report) throws IOException {
    session.console().answer(RunJson.of(report).line());
    session.console().flush();
  }

  private void note(Request request, String line) {
    if (request.detail() != Telling.Detail.QUIET) {
      session.console().note(line);
    }
  }
}
