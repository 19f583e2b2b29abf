package io.divvy.node.cli;

import io.divvy.node.drill.DrillRecord;
import io.divvy.node.drill.DrillRecord.Line;
import io.divvy.node.launch.SameProgram;
import io.divvy.node.report.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command in a process of its own, kills it when its drills say so, and starts it again to
 * go on with its journal. The command writes to this process's stderr; its stdout goes to a file,
 * and only the last one's is passed on, so that the answer is there once.
 */
final class DrillKeeper {

  private static final long LOOK_MILLIS = 10;

  /** Longer than a command takes to say what it has. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Console console;
  private final Consumer<String> say;
  private final List<String> words;
  private final Path folder;
  private final DrillRecord record;
  private final Path journal;
  private final Path answer;
  private long seen;

  /**
   * A keeper that has started nothing yet.
   *
   * @param words those of the command line
   * @param journal where the journal is to be; null: beside what the two tell each other
   * @param say told what happens
   */
  DrillKeeper(Console console, List<String> words, @Nullable Path journal, Consumer<String> say)
      throws IOException {
    this.console = console;
    this.say = say;
    this.words = List.copyOf(words);
    this.folder = Files.createTempDirectory("divvy-drill-");
    this.record = new DrillRecord(folder);
    this.journal = journal == null ? record.journal() : journal;
    this.answer = folder.resolve("answer");
  }

  /**
   * Runs the command to its end, with all deaths in between.
   *
   * @param resume whether it goes on with an earlier run from the beginning
   * @return the exit code of the last one
   */
  int keep(boolean resume) throws IOException {
    Process command = null;
    try (Interrupts interrupts = Interrupts.listen(PATIENCE)) {
      try {
        command = start(resume);
        for (Optional<Line> kill = awaitKill(command);
            kill.isPresent();
            kill = awaitKill(command)) {
          kill(command, kill.get());
          command = start(true);
        }
      } catch (InterruptedException e) {
        interrupts.saying();
        end(command);
      }
      return passOn(command);
    } finally {
      if (command != null) {
        command.destroyForcibly();
      }
      cleanUp();
    }
  }

  private Process start(boolean resume) throws IOException {
    List<String> all = new ArrayList<>(JournalOptions.words(words, journal, resume));
    all.add(DrillOptions.FOLDER);
    all.add(folder.toString());
    return SameProgram.with(all)
        .redirectOutput(answer.toFile())
        .redirectError(Redirect.INHERIT)
        .start();
  }

  /** Waits until the command is to be killed; empty when it has ended by itself. */
  private Optional<Line> awaitKill(Process command) throws IOException, InterruptedException {
    while (!command.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (record.size() > seen) {
        seen = record.size();
        Optional<Line> kill = record.read().values().stream().filter(Line::asksToKill).findAny();
        if (kill.isPresent()) {
          return kill;
        }
      }
    }
    return Optional.empty();
  }

  private void kill(Process command, Line line) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    long at = System.currentTimeMillis();
    command.destroyForcibly();
    command.waitFor();
    Line killed = line.killed(at, (System.nanoTime() - begin) / 1e9);
    record.add(killed);
    String unfinished = line.unfinished();
    if (unfinished != null) {
      Files.deleteIfExists(Path.of(unfinished));
    }
    say.accept(
        "drill kill-coordinator@"
            + line.drilled().at()
            + ": the command, pid "
            + command.pid()
            + ", is killed with "
            + line.counted()
            + " items counted, and started again to go on");
  }

  /** As the first Ctrl-C would; it says what it has. */
  private static void end(@Nullable Process command) {
    if (command == null) {
      return;
    }
    command.destroy();
    try {
      if (!command.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        command.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      command.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private int passOn(@Nullable Process command) throws IOException {
    if (command == null) {
      return ExitCodes.INTERRUPTED;
    }
    try (BufferedReader lines = Files.newBufferedReader(answer)) {
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        console.answer(line);
      }
    }
    console.flush();
    return command.isAlive() ? ExitCodes.INTERRUPTED : command.exitValue();
  }

  /** What is needed to go on with a run that is not complete stays. */
  private void cleanUp() throws IOException {
    boolean own = journal.equals(record.journal());
    if (own && record.isComplete() && Files.isDirectory(journal)) {
      try (var files = Files.list(journal)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(journal);
    }
    record.delete();
    Files.deleteIfExists(answer);
    if (!Files.exists(record.journal())) {
      Files.delete(folder);
    }
  }

  /** The command leaves, as after Ctrl-C, when its keeper is gone, however that died. */
  static void leaveWithKeeper(InputStream pipe) {
    Thread thread =
        new Thread(
            () -> {
              awaitEnd(pipe);
              System.exit(ExitCodes.INTERRUPTED);
            },
            "divvy-keeper");
    thread.setDaemon(true);
    thread.start();
  }

  private static void awaitEnd(InputStream pipe) {
    try {
      while (pipe.read() >= 0) {
        // Nothing is said on it.
      }
    } catch (IOException e) {
      // A broken pipe is the end as well.
      return;
    }
  }
}
