package io.divvy.node.cli;

import io.divvy.config.SettingsException;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.report.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;

/** The program, from its words to its exit code. */
public final class CommandLineProgram {

  private static final int HELP_COLUMNS = 100;

  private final Engine engine;
  private final Map<String, String> environment;

  public CommandLineProgram(Engine engine, Map<String, String> environment) {
    this.engine = engine;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Does what the words say.
   *
   * @param err a terminal when the system property {@code divvy.terminal} is true, as wide as
   *     {@code divvy.columns} says
   * @param startedNanos when the program began, as {@link System#nanoTime()}
   * @return the exit code, one of {@link ExitCodes}
   */
  public int run(String[] words, OutputStream out, OutputStream err, long startedNanos) {
    Console console =
        new Console(
            out,
            err,
            Boolean.getBoolean("divvy.terminal"),
            Integer.getInteger("divvy.columns", 80));
    Session session = new Session(engine, console, environment, startedNanos);
    PrintWriter help = new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    CommandLine divvy =
        commands(session, words)
            .setOut(help)
            .setParameterExceptionHandler(
                (problem, given) -> complain(console, UsageErrors.line(problem)))
            .setExecutionExceptionHandler((problem, command, result) -> failed(session, problem));
    try {
      return divvy.execute(words);
    } catch (LinkageError | VirtualMachineError | AssertionError e) {
      return failed(session, e);
    } finally {
      help.flush();
    }
  }

  /**
   * All commands with their options; only the one that is called when it is one of the plain ones:
   * picocli looks at every class it is given, which is a good part of the time a short run takes.
   */
  private static CommandLine commands(Session session, String[] words) {
    Map<String, Supplier<CommandLine>> plain = new LinkedHashMap<>();
    plain.put(
        "compare",
        () ->
            withDownload(
                "compare",
                new CompareCommand(session),
                () -> new CompareDownloadCommand(session),
                words));
    plain.put(
        "run",
        () ->
            withDownload(
                "run", new RunCommand(session), () -> new DownloadCommand(session), words));
    plain.put("node", () -> new CommandLine(new NodeCommand(session)));
    plain.put("cancel", () -> new CommandLine(new CancelCommand(session)));
    plain.put("cpu", () -> new CommandLine(new CpuCommand(session)));
    plain.put("kinds", () -> new CommandLine(new KindsCommand(session)));

    CommandLine divvy = new CommandLine(new DivvyCommand());
    @Nullable Supplier<CommandLine> called = words.length == 0 ? null : plain.get(words[0]);
    if (called != null) {
      divvy.addSubcommand(words[0], called.get());
    } else {
      plain.forEach((name, command) -> divvy.addSubcommand(name, command.get()));
      divvy.addSubcommand("generate-completion", new GenerateCompletion());
      divvy.addSubcommand("help", new CommandLine.HelpCommand());
    }
    // A word may begin with @, and help is as wide everywhere.
    return divvy
        .setExpandAtFiles(false)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(HELP_COLUMNS);
  }

  /** A download has options of its own, and few of those of a job of numbers. */
  private static CommandLine withDownload(
      String name, Object command, Supplier<Object> download, String[] words) {
    CommandLine line = takingWords(command);
    boolean job = words.length > 1 && words[0].equals(name) && !words[1].startsWith("-");
    if (!job || words[1].equals("download")) {
      line.addSubcommand("download", download.get());
    }
    return line;
  }

  /** So -5..5 is a word. What looks like an option and is none is found in {@link Job#sort}. */
  private static CommandLine takingWords(Object command) {
    return new CommandLine(command).setUnmatchedOptionsArePositionalParams(true);
  }

  private static int complain(Console console, String line) {
    console.note("divvy: " + line);
    return ExitCodes.USAGE;
  }

  private static int failed(Session session, Throwable problem) {
    Console console = session.console();
    if (problem instanceof UsageException) {
      return complain(console, String.valueOf(problem.getMessage()));
    }
    if (problem instanceof SettingsException settings) {
      settings.lines().forEach(line -> complain(console, line));
      return ExitCodes.USAGE;
    }
    if (console.readerLeft()) {
      return ExitCodes.READER_LEFT;
    }
    if (problem instanceof Fleet.UnreachableException) {
      console.note("divvy: " + problem.getMessage());
      return ExitCodes.UNREACHABLE;
    }
    if (console.outFailure() != null) {
      console.note("divvy: cannot write to stdout: " + console.outFailure().getMessage());
      return ExitCodes.FAILED;
    }
    if (problem instanceof IOException && problem.getMessage() != null) {
      console.note("divvy: " + problem.getMessage());
      engineLog(session, problem);
      return ExitCodes.FAILED;
    }
    console.note(
        "divvy: this is a bug in Divvy: "
            + problem.toString().lines().findFirst().orElse("")
            + engineLog(session, problem));
    return ExitCodes.FAILED;
  }

  private static String engineLog(Session session, Throwable problem) {
    return session.engine().log(problem).map(file -> "; please report it with " + file).orElse("");
  }
}
