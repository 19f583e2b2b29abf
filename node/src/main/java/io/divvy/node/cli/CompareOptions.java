package io.divvy.node.cli;

import io.divvy.node.input.UsageException;
import io.divvy.node.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that compare models: which, and how often. */
final class CompareOptions {

  private static final int DEFAULT_REPEAT = 3;

  @Option(
      names = "--models",
      paramLabel = "MODEL,...",
      description =
          "Which models to run. Default: sequential,threads,processes; with --join, cluster too.")
  private @Nullable String models;

  @Option(names = "--repeat", paramLabel = "R", description = "How many rounds. Default: 3.")
  private @Nullable String repeat;

  /**
   * The baseline comes first, so that the first round warms this JVM before others are compared.
   *
   * @param joins whether there is a cluster to compare with
   */
  List<Model> models(boolean joins) throws UsageException {
    Set<Model> chosen = new LinkedHashSet<>();
    if (models == null) {
      chosen.addAll(List.of(Model.SEQUENTIAL, Model.THREADS, Model.PROCESSES));
      if (joins) {
        chosen.add(Model.CLUSTER);
      }
    } else {
      // With a limit, so that nothing between two commas is seen.
      for (String word : models.split(",", -1)) {
        chosen.add(CommonOptions.model(word));
      }
    }
    List<Model> ordered = new ArrayList<>(chosen);
    ordered.sort((a, b) -> Boolean.compare(b == Model.SEQUENTIAL, a == Model.SEQUENTIAL));
    return ordered;
  }

  int rounds() throws UsageException {
    return (int) OptionText.number("--repeat", repeat, 1, 10_000).orElse(DEFAULT_REPEAT);
  }
}
