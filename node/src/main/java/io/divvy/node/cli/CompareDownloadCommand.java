package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.node.compare.CompareJson;
import io.divvy.node.compare.Comparison.Per;
import io.divvy.node.compare.Rounds;
import io.divvy.node.compare.download.DownloadTask;
import io.divvy.node.compare.download.ModelFolders;
import io.divvy.node.compare.download.Offer;
import io.divvy.node.download.Failure;
import io.divvy.node.download.place.Template;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Model;
import io.divvy.node.model.Workforce;
import io.divvy.node.report.DownloadTelling;
import io.divvy.node.report.Json;
import io.divvy.node.report.Telling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code divvy compare download}: one list of URLs under several models. */
@Command(
    name = "download",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    customSynopsis = "divvy compare download [LIST] [--to DIR] [OPTION...]",
    header =
        "Fetch one list of URLs under every model, check that the files are the same, compare.",
    description = {
      "",
      "Without LIST this command serves images itself, from a server in its own JVM on loopback that"
          + " takes its time as a distant one does: no internet is needed. The server's memory is in"
          + " the figures. Nodes on other machines reach it when --host says how.",
      "",
      "Every model fetches all files in each round, into a folder of its own: DIR/sequential,"
          + " DIR/threads and so on. A round takes away what the round before it put there, and"
          + " nothing else; a folder with other files is refused.",
      "",
      "speedup: the seconds of one plain thread, which has one connection, divided by those of the"
          + " model. efficiency: the speedup per connection the model could use; fetching waits, so"
          + " cores do not bound it.",
      "",
      "Without LIST, --per-host is as much as --connections.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  divvy compare download",
      "  divvy compare download --latency 200ms --bandwidth 1M --files 20 --repeat 1",
      "  divvy compare download --to images --models sequential,threads",
      "  divvy compare download urls.txt --to images --name 'image_{index}{ext}' --json"
    })
final class CompareDownloadCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String IMAGE_NAMES = "image_{index}{ext}";
  private static final int DEFAULT_FILES = 40;
  private static final int MOST_FILES = 100_000;
  private static final int DEFAULT_SIZE = 100_000;
  private static final Duration DEFAULT_LATENCY = Duration.ofMillis(50);
  private static final Duration LONGEST_LATENCY = Duration.ofMinutes(1);
  private static final long DEFAULT_BANDWIDTH = 5_000_000;
  private static final int FAILURES_SHOWN = 3;

  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "LIST", description = "The list; - is stdin.")
  private @Nullable String list;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Where the models' folders go. Default: a temporary folder, removed at the end.")
  private @Nullable Path to;

  @Option(
      names = "--name",
      paramLabel = "TEMPLATE",
      description =
          "How files are called, with {index}, {name}, {ext}, {host} and {path}. Default: the last"
              + " part of the URL; without LIST, image_{index}{ext}.")
  private @Nullable String name;

  @Option(
      names = "--files",
      paramLabel = "N",
      description = "Without LIST: how many images there are. Default: 40.")
  private @Nullable String files;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "Without LIST: how large each is. Default: 100 kB.")
  private @Nullable String size;

  @Option(
      names = "--latency",
      paramLabel = "SECONDS",
      description = "Without LIST: the time to the first byte, such as 50ms. Default: 50ms.")
  private @Nullable String latency;

  @Option(
      names = "--bandwidth",
      paramLabel = "BYTES",
      description =
          "Without LIST: the bytes a second of each connection, such as 5M. Default: 5 MB.")
  private @Nullable String bandwidth;

  @Mixin private CompareOptions compared = new CompareOptions();

  @Mixin private DownloadOptions options = new DownloadOptions();

  CompareDownloadCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    DivvySettings settings = options.settings();
    Workforce asked = options.workforce(session, settings);
    List<Model> chosen = compared.models(options.joins(session));
    int rounds = compared.rounds();
    Telling.Detail detail = options.detail();
    for (Model model : chosen) {
      Allotment.of(model, asked, session.engine().usableCores());
    }
    Optional<Offer> offer = offer();
    DownloadTask.Manners manners = manners(offer.isPresent());
    try (Interrupts interrupts = Interrupts.listen(PATIENCE);
        ModelFolders folders = ModelFolders.open(Optional.ofNullable(to), chosen);
        ManyReadings readings =
            offer.isPresent()
                ? ManyReadings.served(offer.get(), asked.host())
                : ManyReadings.of(input(), System.in);
        Comparing comparing =
            new Comparing(
                session,
                options,
                settings,
                asked,
                detail,
                rounds,
                interrupts,
                fleet ->
                    new DownloadTelling(session.console(), detail, settings.progress()).start());
        Rounds runs =
            new Rounds(
                comparing,
                new DownloadTask(
                    readings.urls(),
                    folders,
                    manners,
                    (model, failures) -> tell(model, failures, detail)),
                chosen,
                rounds)) {
      if (detail != Telling.Detail.QUIET) {
        session
            .console()
            .note(
                offer
                        .map(Offer::words)
                        .orElse(
                            "the files listed "
                                + (input().equals("-") ? "on stdin" : "in " + input()))
                    + "; "
                    + Comparing.words(rounds, chosen));
      }
      Rounds.Ended ended = runs.run();
      interrupts.saying();
      return say(comparing, ended, offer, manners);
    }
  }

  /** What is served; nothing when there is a list. */
  private Optional<Offer> offer() throws UsageException {
    if (list != null) {
      if (files != null || size != null || latency != null || bandwidth != null) {
        throw new UsageException(
            "--files, --size, --latency and --bandwidth are for the images that are served without"
                + " a list; leave them out, or the list '"
                + list
                + "'");
      }
      return Optional.empty();
    }
    int count = (int) OptionText.number("--files", files, 1, MOST_FILES).orElse(DEFAULT_FILES);
    long bytes = OptionText.bytes("--size", size).orElse(DEFAULT_SIZE);
    if (bytes < Offer.LEAST_BYTES) {
      throw new UsageException(
          "--size is '" + size + "'; an image takes at least " + Offer.LEAST_BYTES + " bytes");
    }
    if (bytes > Offer.MOST_BYTES / count) {
      throw new UsageException(
          "--files and --size make more than "
              + Offer.MOST_BYTES
              + " bytes, which the server would keep in memory; give fewer or smaller ones");
    }
    Duration wait = OptionText.time("--latency", latency, true).orElse(DEFAULT_LATENCY);
    if (wait.compareTo(LONGEST_LATENCY) > 0) {
      throw new UsageException("--latency is '" + latency + "'; give at most 60 seconds");
    }
    long perSecond = OptionText.bytes("--bandwidth", bandwidth).orElse(DEFAULT_BANDWIDTH);
    return Optional.of(new Offer(count, (int) bytes, wait, perSecond));
  }

  private DownloadTask.Manners manners(boolean served) throws UsageException {
    Template names =
        name != null
            ? Template.parse(name)
            : served ? Template.parse(IMAGE_NAMES) : Template.lastSegment();
    return new DownloadTask.Manners(
        names,
        options.fetching(served),
        served
            ? options.limits(Long.MAX_VALUE, options.connections())
            : options.limits(Long.MAX_VALUE));
  }

  private String input() {
    return list == null ? "" : list;
  }

  private int say(
      Comparing comparing, Rounds.Ended ended, Optional<Offer> offer, DownloadTask.Manners manners)
      throws IOException, UsageException {
    Map<String, Integer> parameters =
        new TreeMap<>(
            Map.of(
                "connections", manners.limits().connections(),
                "perHost", manners.limits().perHost()));
    Json more = new Json().put("server", offer.map(Offer::json).orElse(null));
    more.put("to", to == null ? null : to.toString());
    int code =
        comparing.say(
            ended,
            Per.CONNECTION,
            new CompareJson.Task("download", input(), parameters),
            more,
            "some files failed under every model");
    if (to != null && !ended.measured().isEmpty() && options.detail() != Telling.Detail.QUIET) {
      session.console().note("the files are in " + to + ", in a folder for each model");
    }
    return code;
  }

  private void tell(Model model, List<Failure> failures, Telling.Detail detail) {
    int shown = detail == Telling.Detail.VERBOSE ? failures.size() : FAILURES_SHOWN;
    failures.stream()
        .limit(shown)
        .forEach(
            failure ->
                session
                    .console()
                    .note(
                        model.word()
                            + " failed: line "
                            + failure.line()
                            + ": "
                            + failure.url()
                            + ": "
                            + failure.text()));
    if (failures.size() > shown) {
      session.console().note("and more; --verbose names them");
    }
  }
}
