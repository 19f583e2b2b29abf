package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.compare.CompareJson;
import io.divvy.node.compare.CompareTable;
import io.divvy.node.compare.Comparison;
import io.divvy.node.compare.Rounds;
import io.divvy.node.compare.Trial;
import io.divvy.node.compare.Verdict;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.Workforce;
import io.divvy.node.report.Console;
import io.divvy.node.report.Figures;
import io.divvy.node.report.Json;
import io.divvy.node.report.MachineReport;
import io.divvy.node.report.Teller;
import io.divvy.node.report.Telling;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all comparisons do around each run, and what they say at the end. */
final class Comparing implements Rounds.Surroundings, AutoCloseable {

  /** Starts to tell of a run. */
  interface Tellers {
    Teller start(Fleet fleet);
  }

  private final Session session;
  private final CommonOptions options;
  private final DivvySettings settings;
  private final Workforce asked;
  private final Telling.Detail detail;
  private final int rounds;
  private final Interrupts interrupts;
  private final Tellers tellers;
  private final Heeding heeding;
  private @Nullable Teller telling;

  Comparing(
      Session session,
      CommonOptions options,
      DivvySettings settings,
      Workforce asked,
      Telling.Detail detail,
      int rounds,
      Interrupts interrupts,
      Tellers tellers) {
    this.session = session;
    this.options = options;
    this.settings = settings;
    this.asked = asked;
    this.detail = detail;
    this.rounds = rounds;
    this.interrupts = interrupts;
    this.tellers = tellers;
    this.heeding = Heeding.on(session);
  }

  @Override
  public Fleet start(Model model)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
    Allotment allotment = Allotment.of(model, asked, session.engine().usableCores());
    interrupts.starting();
    session.console().bar("starting: " + allotment.words());
    return options.start(session, allotment, asked, settings);
  }

  @Override
  public Consumer<JobEvent> beforeWarmUp(Fleet fleet) {
    interrupts.working(fleet);
    return heeding.before(event -> {});
  }

  @Override
  public Consumer<JobEvent> beforeRun(int round, Fleet fleet) {
    interrupts.working(fleet);
    Teller started = tellers.start(fleet);
    telling = started;
    return heeding.before(started);
  }

  @Override
  public void afterRun(int round, Fleet fleet, @Nullable Trial trial) {
    interrupts.saying();
    close();
    if (trial != null && detail != Telling.Detail.QUIET) {
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
                  + Figures.seconds(trial.seconds()));
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

  /** What the models are compared in, for the header. */
  static String words(int rounds, List<Model> models) {
    return Figures.counted(rounds, "round")
        + " of "
        + String.join(", ", models.stream().map(Model::word).toList());
  }

  /**
   * Says what came of it, and answers the exit code.
   *
   * @param more fields of the JSON beside those of every comparison
   * @param failed what is said when items failed
   */
  int say(Rounds.Ended ended, Comparison.Per per, CompareJson.Task task, Json more, String failed)
      throws IOException {
    Console console = session.console();
    Comparison comparison = Comparison.of(ended.measured(), per);
    String verdict = Verdict.of(comparison);
    String status = status(ended, comparison);
    if (options.json()) {
      Json json =
          CompareJson.of(
              MachineReport.json(session.engine().machine()), task, status, comparison, verdict);
      more.fields().forEach(json::put);
      console.answer(json.line());
    } else if (!comparison.rows().isEmpty()) {
      for (String line : CompareTable.of(comparison).lines()) {
        console.answer(line);
      }
      console.answer("");
      console.answer(verdict);
    }
    console.flush();
    ended.problem().ifPresent(problem -> console.note("divvy: " + problem));
    if (interrupts.requested()) {
      console.note("interrupted");
    } else if (!comparison.rows().isEmpty() && !comparison.identical()) {
      console.note("divvy: THE " + per.results() + " DIFFER");
    } else if (status.equals("failed-items")) {
      console.note("divvy: " + failed);
    }
    return exitCode(status);
  }

  private String status(Rounds.Ended ended, Comparison comparison) {
    if (interrupts.requested()) {
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
            .flatMap(model -> model.trials().stream())
            .anyMatch(trial -> trial.status() != Status.DONE);
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
}
