package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.config.SettingsException;
import io.divvy.node.input.HostPort;
import io.divvy.node.input.Suggestions;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.Workforce;
import io.divvy.node.report.Telling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that use workers: how many, where, and how much is said. */
class CommonOptions {

  private static final String JOIN_VARIABLE = "DIVVY_JOIN";
  private static final String HERE = "127.0.0.1";

  @Option(
      names = {"-j", "--workers"},
      paramLabel = "N",
      description =
          "How many workers to use in all, spread over the nodes. Default: one for each usable core;"
              + " in a cluster, all that are offered.")
  private @Nullable String workers;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description =
          "How many nodes to use, with processes and cluster. Default: one for each worker; in a"
              + " cluster, all.")
  private @Nullable String nodes;

  @Option(
      names = "--join",
      paramLabel = "HOST[:PORT]",
      hideParamSyntax = true,
      split = ",",
      description =
          "A node of the cluster to work on; may be repeated. Default: the environment variable"
              + " DIVVY_JOIN, else this machine. The default port is 25710.")
  private List<String> join = new ArrayList<>();

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "The most heap of each node that is started, such as 256m.")
  private @Nullable String heap;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description =
          "The address of this machine at which nodes reach this command. Default: 127.0.0.1.")
  private @Nullable String host;

  @Option(
      names = "--insecure",
      description = "Allow a --host that other machines reach, too, without any protection.")
  private boolean insecure;

  @Option(names = "--json", description = "Print one JSON object on stdout, nothing else.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only the answer, failures and errors.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Say on stderr who computes what, and why items failed.")
  private boolean verbose;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings that differ from the defaults.")
  private @Nullable Path config;

  boolean json() {
    return json;
  }

  boolean joins(Session session) {
    return !join.isEmpty() || !session.variable(JOIN_VARIABLE).isEmpty();
  }

  Telling.Detail detail() throws UsageException {
    if (quiet && verbose) {
      throw new UsageException("--quiet and --verbose contradict each other; give one of them");
    }
    return quiet ? Telling.Detail.QUIET : verbose ? Telling.Detail.VERBOSE : Telling.Detail.NORMAL;
  }

  /** What is asked for, as it was written. */
  Workforce workforce(Session session, DivvySettings settings) throws UsageException {
    OptionalInt workers = count("--workers", this.workers);
    OptionalInt nodes = count("--nodes", this.nodes);
    if (workers.isPresent() && nodes.isPresent() && nodes.getAsInt() > workers.getAsInt()) {
      throw new UsageException(
          "--nodes "
              + nodes.getAsInt()
              + " needs as many workers, but --workers is "
              + workers.getAsInt()
              + "; give fewer nodes or more workers");
    }
    List<HostPort> addresses = new ArrayList<>();
    for (String place : places(session)) {
      addresses.add(HostPort.parse(place, settings.node().port()));
    }
    return new Workforce(
        workers,
        nodes,
        addresses,
        heap == null ? Optional.empty() : Optional.of(OptionText.heap(heap)),
        host == null ? Optional.empty() : Optional.of(OptionText.host(host, insecure)));
  }

  /** Where to look for a cluster. On this machine, unless told. */
  private List<String> places(Session session) {
    if (!join.isEmpty()) {
      return join;
    }
    String variable = session.variable(JOIN_VARIABLE);
    return variable.isEmpty() ? List.of(HERE) : Arrays.asList(variable.split("[,\\s]+", -1));
  }

  /** The settings; all that is wrong with them is told at once. */
  DivvySettings settings() throws SettingsException {
    return DivvySettings.load(Optional.ofNullable(config));
  }

  /** What nodes that are started have to be told to have the same settings. */
  private List<String> childArguments() {
    return config == null ? List.of() : List.of("--config", config.toAbsolutePath().toString());
  }

  /**
   * The model to use: the one that was named; else cluster when there is one to join, else threads.
   *
   * @param word what {@code --model} says
   */
  Model model(@Nullable String word, Session session) throws UsageException {
    if (word == null) {
      return joins(session) ? Model.CLUSTER : Model.THREADS;
    }
    Model model = model(word);
    if (!join.isEmpty() && model != Model.CLUSTER) {
      throw new UsageException(
          "--join is for --model cluster, but --model is "
              + model.word()
              + "; leave one of them out");
    }
    return model;
  }

  /** Starts the workers, with these settings, and waits until they can take work. */
  Fleet start(Session session, Allotment allotment, Workforce asked, DivvySettings settings)
      throws UsageException, Fleet.UnreachableException, IOException, InterruptedException {
    return session
        .engine()
        .start(allotment.model(), allotment.of(asked), settings, childArguments());
  }

  static Model model(String word) throws UsageException {
    for (Model model : Model.values()) {
      if (model.word().equals(word)) {
        return model;
      }
    }
    throw new UsageException(
        Suggestions.unknown(
            "model", word, Arrays.stream(Model.values()).map(Model::word).toList()));
  }

  private static OptionalInt count(String option, @Nullable String text) throws UsageException {
    OptionalLong number = OptionText.number(option, text, 1, Integer.MAX_VALUE);
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }
}
