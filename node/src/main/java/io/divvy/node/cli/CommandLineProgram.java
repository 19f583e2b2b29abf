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
import java.util.Map;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;

/** The program, from its words to its exit code. */
public final class CommandLineProgram {

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
        commands(session)
            .setOut(help)
            .setParameterExceptionHandler(
                (problem, given) -> complain(console, UsageErrors.line(problem)))
            .setExecutionExceptionHandler((problem, command, result) -> failed(session, problem));
    int exitCode = divvy.execute(words);
    help.flush();
    return exitCode;
  }

  /** All commands with their options. */
  static CommandLine commands(Session session) {
    CommandLine divvy =
        new CommandLine(new DivvyCommand())
            .addSubcommand("compare", takingWords(new CompareCommand(session)))
            .addSubcommand("run", takingWords(new RunCommand(session)))
            .addSubcommand("node", new NodeCommand(session))
            .addSubcommand("cpu", new CpuCommand(session))
            .addSubcommand("kinds", new KindsCommand(session))
            .addSubcommand("generate-completion", new GenerateCompletion())
            .addSubcommand("help", new CommandLine.HelpCommand());
    divvy.setExpandAtFiles(false);
    divvy.setUsageHelpAutoWidth(false);
    divvy.setUsageHelpWidth(100);
    return divvy;
  }

  /** So -5..5 is a word. What looks like an option and is none is found in {@link Job#sort}. */
  private static CommandLine takingWords(Object command) {
    return new CommandLine(command).setUnmatchedOptionsArePositionalParams(true);
  }

  private static int complain(Console console, String line) {
    console.note("divvy: " + line);
    return ExitCodes.USAGE;
  }

  private static int failed(Session session, Exception problem) {
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

  private static String engineLog(Session session, Exception problem) {
    return session.engine().log(problem).map(file -> "; please report it with " + file).orElse("");
  }
}
