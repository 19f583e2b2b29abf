package io.divvy.node.cli;

import io.divvy.config.JournalSettings;
import io.divvy.coordinator.journal.Journal;
import io.divvy.coordinator.journal.JournalException;
import io.divvy.coordinator.journal.Journals;
import io.divvy.node.boot.Home;
import io.divvy.node.input.ShellWords;
import io.divvy.node.input.UsageException;
import io.divvy.protocol.JobSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a run keeps what it counts, and whether it goes on with that. */
final class JournalOptions {

  private static final String JOURNAL = "--journal";
  private static final String RESUME = "--resume";

  @Option(
      names = JOURNAL,
      paramLabel = "DIR",
      description =
          "Keep what is counted in DIR, so that the run can be resumed. Default: a folder of its"
              + " own, once a run lasts 10 s; it goes when the run is done, or after 14 days.")
  private @Nullable Path folder;

  @Option(
      names = RESUME,
      description =
          "Go on with the run in --journal DIR, or with the newest of this job, under any model."
              + " Nothing that was counted is computed again.")
  private boolean resume;

  /**
   * The journal of this call, opened.
   *
   * @param notice told where it is, and when it is given up
   * @throws UsageException when it cannot be used; the message is one line
   */
  Journal open(
      JobSpec job, String input, JournalSettings settings, Session session, Consumer<String> notice)
      throws UsageException {
    Path folders = Home.of(session.environment()).journalFolder();
    try {
      if (resume) {
        Path found = folder == null ? Journals.newest(folders, job, input) : folder;
        return Journal.resume(found, job, input, settings, notice);
      }
      return folder == null
          ? Journal.later(folders, job, input, settings, notice)
          : Journal.create(folder, job, input, settings);
    } catch (JournalException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UsageException(
          "the journals in " + folders + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The command that goes on with the run whose journal is in {@code folder}. */
  static String command(List<String> words, Path folder) {
    List<String> all = new ArrayList<>();
    all.add(System.getProperty("divvy.launcher", "divvy"));
    all.addAll(without(words, List.of(JOURNAL, DrillOptions.DRILL, DrillOptions.FOLDER)));
    all.add(RESUME);
    all.add(JOURNAL);
    all.add(folder.toString());
    return ShellWords.line(all);
  }

  /** The words of a command that has its journal in {@code folder}, and goes on with it or not. */
  static List<String> words(List<String> words, Path folder, boolean resume) {
    List<String> all = new ArrayList<>(without(words, List.of(JOURNAL)));
    if (resume) {
      all.add(RESUME);
    }
    all.add(JOURNAL);
    all.add(folder.toString());
    return all;
  }

  /** The words but for --resume and for these options and their values. */
  private static List<String> without(List<String> words, List<String> options) {
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (options.contains(word)) {
        i++; // its value
      } else if (!word.equals(RESUME)
          && options.stream().noneMatch(option -> word.startsWith(option + "="))) {
        rest.add(word);
      }
    }
    return rest;
  }

  /** Whether the run of an earlier command is to go on. */
  boolean resumes() {
    return resume;
  }

  /** Where the journal is to be, if that is said. */
  @Nullable Path folder() {
    return folder;
  }
}
