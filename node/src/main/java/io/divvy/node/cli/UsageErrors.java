package io.divvy.node.cli;

import io.divvy.node.input.Suggestions;
import io.divvy.node.input.UsageException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in one line. */
final class UsageErrors {

  private UsageErrors() {}

  /** The line for what picocli found. */
  static String line(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched.getUnmatched().get(0), command);
    }
    String text = String.valueOf(problem.getMessage()).lines().findFirst().orElse("wrong usage");
    String first = text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    return first + "; see '" + command.getCommandSpec().qualifiedName() + " --help'";
  }

  /** The complaint about an option nobody knows. */
  static UsageException unknownOption(String word, CommandSpec command) {
    String name = word.replaceFirst("=.*", "");
    return new UsageException(
        Suggestions.unknown(
            "option",
            name,
            command.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .sorted()
                .toList()));
  }

  private static String unmatched(String word, CommandLine command) {
    if (word.startsWith("-")) {
      return String.valueOf(unknownOption(word, command.getCommandSpec()).getMessage());
    }
    if (command.getParent() == null) {
      return Suggestions.unknown("command", word, command.getSubcommands().keySet());
    }
    return "'"
        + word
        + "' is one word too many; see '"
        + command.getCommandSpec().qualifiedName()
        + " --help'";
  }
}
