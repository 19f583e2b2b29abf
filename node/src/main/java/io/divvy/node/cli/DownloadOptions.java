package io.divvy.node.cli;

import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.node.download.FetchOptions;
import io.divvy.node.download.fetch.HttpFetcher;
import io.divvy.node.download.fetch.RequestHeader;
import io.divvy.node.input.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that fetch files. */
final class DownloadOptions extends CommonOptions {

  private static final int DEFAULT_CONNECTIONS = 16;
  private static final int MOST_CONNECTIONS = 1024;
  private static final int DEFAULT_PER_HOST = 6;
  private static final int DEFAULT_RETRIES = 4;
  private static final int LOOK_AHEAD = 10_000;
  private static final long LONGEST_WAIT_SECONDS = 120;
  private static final long DEFAULT_MIN_FREE = 64L << 20;
  private static final Duration DEFAULT_CONNECT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_STALL = Duration.ofSeconds(30);

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "At most N transfers at once, over all nodes together. Default: 16.")
  private @Nullable String connections;

  @Option(
      names = "--per-host",
      paramLabel = "N",
      description = "At most N transfers from one host at once, over all nodes. Default: 6.")
  private @Nullable String perHost;

  @Option(
      names = "--delay",
      paramLabel = "SECONDS",
      description = "A pause between two requests to one host. Default: none.")
  private @Nullable String delay;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "Try again N times what may go well another time. Default: 4.")
  private @Nullable String retries;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "At most N requests a second in all; may be a fraction. Default: no limit.")
  private @Nullable String rate;

  @Option(
      names = "--limit-rate",
      paramLabel = "BYTES",
      description = "At most so many bytes a second in all, such as 500k or 2M. Default: no limit.")
  private @Nullable String limitRate;

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      description = "How long it may take to connect. Default: 10.")
  private @Nullable String connectTimeout;

  @Option(
      names = "--stall-timeout",
      paramLabel = "SECONDS",
      description = "How long no byte may come. Default: 30.")
  private @Nullable String stallTimeout;

  @Option(
      names = "--max-time",
      paramLabel = "SECONDS",
      description = "How long one try of a file may take. Default: as long as bytes come.")
  private @Nullable String maxTime;

  @Option(
      names = "--max-filesize",
      paramLabel = "BYTES",
      description = "Larger files fail, such as 100M. Default: no limit.")
  private @Nullable String maxFileSize;

  @Option(
      names = "--min-free",
      paramLabel = "BYTES",
      description = "So much stays free on the disk, else the run ends; 0 for none. Default: 64M.")
  private @Nullable String minFree;

  @Option(
      names = "--user-agent",
      paramLabel = "TEXT",
      description = "Who to say we are. Default: divvy and its version.")
  private @Nullable String userAgent;

  @Option(
      names = "--header",
      paramLabel = "NAME: VALUE",
      description =
          "A header of each request; may be repeated. Authorization and Cookie go to no other origin"
              + " than the one in the list.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Certificates in PEM that are trusted beside those of the JDK.")
  private @Nullable Path ca;

  /**
   * How politely, and how much at once.
   *
   * @param mostFailed with how many failed files to give up
   */
  Limits limits(long mostFailed) throws UsageException {
    return limits(mostFailed, DEFAULT_PER_HOST);
  }

  /** The same with another default of {@code --per-host}. */
  Limits limits(long mostFailed, int defaultPerHost) throws UsageException {
    return new Limits(
        connections(),
        whole("--per-host", perHost, 1, MOST_CONNECTIONS, defaultPerHost),
        OptionText.time("--delay", delay, true).orElse(Duration.ZERO).toNanos(),
        requestsPerSecond(),
        OptionText.bytes("--limit-rate", limitRate).orElse(0),
        whole("--retries", retries, 0, Integer.MAX_VALUE, DEFAULT_RETRIES),
        TimeUnit.SECONDS.toNanos(LONGEST_WAIT_SECONDS),
        LOOK_AHEAD,
        mostFailed);
  }

  /** How each file is fetched. */
  FetchOptions fetching() throws UsageException {
    return fetching(false);
  }

  /**
   * The same.
   *
   * @param direct whether to pass by all proxies
   */
  FetchOptions fetching(boolean direct) throws UsageException {
    List<RequestHeader> requested = new ArrayList<>();
    for (String header : headers) {
      try {
        requested.add(RequestHeader.parse(header));
      } catch (IllegalArgumentException e) {
        throw new UsageException("--header: " + e.getMessage(), e);
      }
    }
    return new FetchOptions(
        connections(),
        OptionText.time("--connect-timeout", connectTimeout, false).orElse(DEFAULT_CONNECT),
        OptionText.time("--stall-timeout", stallTimeout, false).orElse(DEFAULT_STALL),
        OptionText.time("--max-time", maxTime, false),
        OptionText.bytes("--max-filesize", maxFileSize).orElse(Long.MAX_VALUE),
        OptionText.bytesOrNone("--min-free", minFree).orElse(DEFAULT_MIN_FREE),
        userAgent == null ? "divvy/" + Version.text() : agent(userAgent),
        requested,
        direct,
        pem());
  }

  int connections() throws UsageException {
    return whole("--connections", connections, 1, MOST_CONNECTIONS, DEFAULT_CONNECTIONS);
  }

  private double requestsPerSecond() throws UsageException {
    if (rate == null) {
      return 0;
    }
    try {
      double number = Double.parseDouble(rate);
      if (number > 0 && number <= 1e6) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The complaint is the same.
    }
    throw new UsageException("--rate is '" + rate + "'; give requests a second, more than 0");
  }

  /** Text that ends with its line: it must not be read as headers of their own. */
  private static String agent(String text) throws UsageException {
    try {
      return new RequestHeader("User-Agent", text).value();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--user-agent: " + e.getMessage(), e);
    }
  }

  private Optional<String> pem() throws UsageException {
    if (ca == null) {
      return Optional.empty();
    }
    try {
      String pem = Files.readString(ca);
      HttpFetcher.checkCertificates(ca);
      return Optional.of(pem);
    } catch (IOException e) {
      throw new UsageException("--ca " + ca + " cannot be read; give a file in PEM", e);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--ca " + e.getMessage(), e);
    }
  }

  private static int whole(String option, @Nullable String text, long least, long most, int other)
      throws UsageException {
    return (int) OptionText.number(option, text, least, most).orElse(other);
  }
}
