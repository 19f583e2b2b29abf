package io.divvy.node.cli;

import io.divvy.config.JournalSettings;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.journal.Journal;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.node.input.UsageException;
import io.divvy.node.report.JournalFigures;
import io.divvy.protocol.JobSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The journal of one call, from its opening to the command that resumes it. */
final class Journaling implements AutoCloseable {

  /** An interrupted command has little time. */
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  private final Session session;
  private final JobSpec job;
  private final String input;
  private final List<String> words;
  private @Nullable Journal journal;
  private Optional<Path> folder = Optional.empty();
  private boolean complete;

  /**
   * @param input the input as it was written
   * @param words those of the command line
   */
  Journaling(Session session, JobSpec job, String input, List<String> words) {
    this.session = session;
    this.job = job;
    this.input = input;
    this.words = List.copyOf(words);
  }

  /** Opens it; {@code hints} says whether to tell where it is. */
  void open(JournalOptions options, boolean hints, JournalSettings settings) throws UsageException {
    if (job.count() > 0) {
      Consumer<String> say = session.console()::note;
      journal = options.open(job, input, settings, session, hints ? say : line -> {});
    }
  }

  /** Where the run keeps what it counts. */
  Keeper keeper() {
    Journal open = journal;
    return open == null ? Keeper.none() : open;
  }

  /** Whether nothing is left to compute. */
  boolean finished() {
    return journal != null && journal.finished();
  }

  /** The run ended like this. */
  void end(RunOutcome outcome) {
    if (journal != null) {
      complete = outcome.remaining() == 0;
      folder =
          journal.end(complete ? Optional.of(outcome.status().word()) : Optional.empty(), PATIENCE);
    }
  }

  /** However the run ended: what is left to do can be resumed, and it is said how. */
  @Override
  public void close() {
    if (journal == null || complete) {
      return;
    }
    folder = journal.end(Optional.empty(), PATIENCE);
    if (!session.console().readerLeft()) {
      folder.ifPresent(
          place -> session.console().note("go on with: " + JournalOptions.command(words, place)));
    }
  }

  JournalFigures figures() {
    return new JournalFigures(folder, journal == null ? 0 : journal.resumed());
  }
}
