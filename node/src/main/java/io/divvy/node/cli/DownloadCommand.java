package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.coordinator.Halt;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.node.download.Download;
import io.divvy.node.download.FetchOptions;
import io.divvy.node.download.Manner;
import io.divvy.node.download.Manner.Again;
import io.divvy.node.download.list.UrlList;
import io.divvy.node.download.place.Template;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Workforce;
import io.divvy.node.report.Console;
import io.divvy.node.report.DownloadJson;
import io.divvy.node.report.DownloadReport;
import io.divvy.node.report.DownloadTelling;
import io.divvy.node.report.DownloadText;
import io.divvy.node.report.Telling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code divvy run download}: the files of a list of URLs, into a folder. */
@Command(
    name = "download",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    customSynopsis = "divvy run download LIST --to DIR [OPTION...]",
    header = "Fetch the files of a list of URLs.",
    description = {
      "",
      "LIST is a file, or - for stdin: one URL a line, after it if you like out=NAME and sha256=HEX;"
          + " blank lines and lines that begin with # are passed over.",
      "",
      "A file appears in DIR when all of it is there, and overwrites no other. What became of each"
          + " URL stands in DIR/.divvy/manifest.jsonl; the same command again fetches what is"
          + " missing. The exit code is 0 only when every file is there.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  divvy run download urls.txt --to images",
      "  divvy run download urls.txt --to images --name 'image_{index}{ext}' --per-host 2",
      "  divvy run download urls.txt --to images --model processes --nodes 2",
      "  divvy run download - --to mirror --limit-rate 2M < urls.txt"
    })
final class DownloadCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "LIST", description = "The list; - is stdin.")
  private @Nullable String list;

  @Option(names = "--to", paramLabel = "DIR", description = "Where the files go.")
  private @Nullable Path to;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "sequential, threads, processes or cluster. Default: threads; with --join, cluster.")
  private @Nullable String model;

  @Option(
      names = "--name",
      paramLabel = "TEMPLATE",
      description =
          "How files are called, with {index}, {name}, {ext}, {host} and {path}. Default: the last"
              + " part of the URL.")
  private @Nullable String name;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "Write a copy of the manifest to FILE.")
  private @Nullable Path manifest;

  @Option(names = "--retry-failed", description = "Only what failed before.")
  private boolean retryFailed;

  @Option(names = "--force", description = "Fetch all anew, also what is there.")
  private boolean force;

  @Option(
      names = "--halt",
      paramLabel = "WHEN",
      description = "Give up once files have failed: never, first, or N of them. Default: never.")
  private @Nullable String halt;

  @Option(
      names = "--no-collect",
      description =
          "Leave files on the nodes that fetched them, in a folder of the same name, where they do"
              + " not see DIR.")
  private boolean noCollect;

  @Mixin private DownloadOptions options = new DownloadOptions();

  DownloadCommand(Session session) {
    this.session = session;
  }

  /** What was asked for, understood and checked. */
  private record Request(
      Manner manner,
      FetchOptions fetching,
      Limits limits,
      Workforce asked,
      Allotment allotment,
      Telling.Detail detail,
      DivvySettings settings) {}

  @Override
  public Integer call() throws Exception {
    if (list == null) {
      throw new UsageException("no list of URLs; give a file, or - for stdin");
    }
    if (to == null) {
      throw new UsageException("no folder; say where the files go with --to DIR");
    }
    if (retryFailed && force) {
      throw new UsageException("--retry-failed and --force contradict each other; give one");
    }
    Request request = request(to);
    try (UrlList urls = someUrls(list);
        Download download = Download.open(urls, request.manner(), request.fetching());
        Interrupts interrupts = Interrupts.listen(PATIENCE);
        DownloadTelling telling =
            new DownloadTelling(
                session.console(), request.detail(), request.settings().progress())) {
      download.damage().forEach(line -> session.console().note("divvy: " + line));
      return run(request, download, start(request, interrupts), interrupts, telling);
    } catch (InterruptedException e) {
      return ExitCodes.INTERRUPTED; // while it started: there is nothing to say
    }
  }

  private Request request(Path folder) throws UsageException {
    DivvySettings settings = options.settings();
    Workforce asked = options.workforce(session, settings);
    Allotment allotment =
        Allotment.of(options.model(model, session), asked, session.engine().usableCores());
    Manner manner =
        new Manner(
            folder,
            name == null ? Template.lastSegment() : Template.parse(name),
            force ? Again.ALL : retryFailed ? Again.FAILED : Again.MISSING,
            manifest == null ? Optional.empty() : Optional.of(writable(manifest)),
            !noCollect);
    return new Request(
        manner,
        options.fetching(),
        options.limits(mostFailed()),
        asked,
        allotment,
        options.detail(),
        settings);
  }

  /** With how many failed files to give up. */
  private long mostFailed() throws UsageException {
    Halt when = halt == null ? Halt.Never.INSTANCE : OptionText.halt(halt);
    if (when instanceof Halt.Percent) {
      throw new UsageException(
          "--halt is '"
              + halt
              + "'; a list is read while its files are fetched, so nobody knows how many that is;"
              + " give never, first, or a number of failed files such as 10");
    }
    return when.limit(Long.MAX_VALUE);
  }

  private static UrlList someUrls(String list) throws UsageException, IOException {
    UrlList urls = UrlList.open(list, System.in);
    boolean some = false;
    try {
      urls.requireSome(list);
      some = true;
      return urls;
    } finally {
      if (!some) {
        urls.close();
      }
    }
  }

  private static Path writable(Path manifest) throws UsageException {
    if (Files.isDirectory(manifest)) {
      throw new UsageException("--manifest " + manifest + " is a folder; give a file");
    }
    Path folder = manifest.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new UsageException(
          "--manifest " + manifest + ": there is no folder " + folder + "; make it first");
    }
    return manifest;
  }

  private Fleet start(Request request, Interrupts interrupts) throws Exception {
    interrupts.starting();
    if (request.detail() != Telling.Detail.QUIET) {
      session.console().bar("starting: " + request.allotment().words());
    }
    return options.start(session, request.allotment(), request.asked(), request.settings());
  }

  private int run(
      Request request,
      Download download,
      Fleet fleet,
      Interrupts interrupts,
      DownloadTelling telling)
      throws Exception {
    try (Listing listing = new Listing(session, "download " + list)) {
      interrupts.working(fleet);
      telling.start();
      DownloadOutcome outcome =
          fleet.download(
              download.spec(), request.limits(), download.ends(), listing.before(telling));
      interrupts.saying();
      telling.close();
      double startSeconds = fleet.startSeconds();
      long memoryBytes = fleet.peakMemoryBytes();
      download.finish(outcome.status() == Status.DONE || outcome.status() == Status.FAILED_ITEMS);
      if (!interrupts.requested()) {
        fleet.close();
      }
      return say(
          new DownloadReport(
              String.valueOf(list),
              download.folder().toString(),
              download.spec().collect(),
              fleet.model(),
              outcome,
              download.digest(),
              download.failures(),
              download.leftOut(),
              download.duplicates(),
              startSeconds,
              session.seconds(),
              memoryBytes),
          request.detail());
    } finally {
      fleet.close();
    }
  }

  private int say(DownloadReport report, Telling.Detail detail) throws IOException {
    Console console = session.console();
    if (options.json()) {
      console.answer(DownloadJson.of(report).line());
    }
    console.flush();
    DownloadText.ending(report, detail).forEach(console::note);
    int code = ExitCodes.of(report.outcome().status());
    return code == ExitCodes.DONE && report.leftOut() > 0 ? ExitCodes.FAILED : code;
  }
}
