package io.divvy.node.cli;

import io.divvy.coordinator.Care;
import io.divvy.job.JobKind;
import io.divvy.job.Numbers;
import io.divvy.node.input.Ranges;
import io.divvy.node.input.UsageException;
import io.divvy.node.kinds.KindDescription;
import io.divvy.node.kinds.Kinds;
import io.divvy.node.model.RunPlan;
import io.divvy.protocol.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The job that the words of a command line name.
 *
 * @param kind the kind with its parameters
 * @param input the input as it was written
 * @param numbers the input
 */
record Job(JobKind kind, String input, Numbers numbers) {

  /** An input has no letter before its first {@code =}. */
  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*=.*");

  /** KIND INPUT NAME=VALUE…, sorted out but not yet understood. */
  record Words(Optional<String> kind, Optional<String> input, List<String> parameters) {}

  /**
   * Sorts the words of a command.
   *
   * @param command whose options the words that look like one may have meant
   */
  static Words sort(List<String> words, CommandSpec command) throws UsageException {
    List<String> plain = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    for (String word : words) {
      if (looksLikeOption(word)) {
        throw UsageErrors.unknownOption(word, command);
      }
      if (PARAMETER.matcher(word).matches()) {
        parameters.add(word);
      } else {
        plain.add(word);
      }
    }
    if (plain.size() > 2) {
      throw new UsageException(
          "'"
              + plain.get(2)
              + "' is one word too many; a job is KIND INPUT [NAME=VALUE...], such as power 0..100"
              + " exponent=3");
    }
    return new Words(plain.stream().findFirst(), plain.stream().skip(1).findFirst(), parameters);
  }

  /** The job that the words name. */
  static Job of(Kinds kinds, Words words) throws UsageException {
    if (words.kind().isEmpty()) {
      throw new UsageException(
          "no KIND given; known: "
              + String.join(", ", kinds.describe().stream().map(KindDescription::name).toList())
              + "; give one and its input, such as sum 0..1e8");
    }
    JobKind kind = kinds.bind(words.kind().get(), words.parameters());
    if (words.input().isEmpty()) {
      throw new UsageException(
          kind.name() + " needs an INPUT; give a range such as 0..1000 after it");
    }
    return of(kind, words.input().get());
  }

  static Job of(JobKind kind, String input) throws UsageException {
    return new Job(kind, input, Ranges.parse(input));
  }

  /** The plan to run it. */
  RunPlan plan(
      OptionalInt workers,
      OptionalInt nodes,
      OptionalLong chunk,
      Care care,
      JobSpec.Wanted wanted) {
    return new RunPlan(
        kind,
        new JobSpec(
            kind.name(),
            Kinds.fingerprint(kind),
            Kinds.parameters(kind),
            numbers.first(),
            numbers.step(),
            numbers.count(),
            wanted),
        workers,
        nodes,
        chunk,
        care);
  }

  /** What is run, as short as it can be: {@code sum 0..9}. */
  String name() {
    return kind.name() + " " + input;
  }

  /** What is run, in a few words: {@code sum 0..9: 9 items, 0 to 8}. */
  String header() {
    return name() + ": " + Ranges.describe(numbers);
  }

  private static boolean looksLikeOption(String word) {
    return word.length() > 1 && word.charAt(0) == '-' && !Character.isDigit(word.charAt(1));
  }
}
