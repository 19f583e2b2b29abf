package io.divvy.node.download;

import io.divvy.node.download.fetch.Cancellation;
import io.divvy.node.download.fetch.HttpFetcher;
import io.divvy.node.download.fetch.Outcome;
import io.divvy.node.download.list.Mark;
import io.divvy.node.download.list.Urls;
import io.divvy.node.download.place.Expected;
import io.divvy.node.download.place.Name;
import io.divvy.node.download.place.Part;
import io.divvy.node.download.place.Placed;
import io.divvy.node.download.place.Store;
import io.divvy.node.download.place.StoreException;
import io.divvy.node.download.transfer.Fetcher;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fetches files of one download into a store. */
final class NodeFetcher implements Fetcher {

  private final Store store;
  private final HttpFetcher http;
  private final boolean shares;
  private final boolean streams;

  /**
   * @param shares whether the store is the command's own DIR
   * @param streams whether its files go to the command and the store is then removed
   */
  NodeFetcher(Store store, HttpFetcher http, boolean shares, boolean streams) {
    this.store = store;
    this.http = http;
    this.shares = shares;
    this.streams = streams;
  }

  /** What the temporary file of an item is found by again, in a later try or run. */
  static Mark key(String url, HandOut.Name name) {
    return Mark.of(url, name.stem(), String.valueOf(name.extension()));
  }

  /** The name as the store takes it. */
  static Name name(HandOut.Name name) {
    int slash = name.stem().lastIndexOf('/') + 1;
    return new Name(
        name.stem().substring(0, slash),
        name.stem().substring(slash),
        Optional.ofNullable(name.extension()));
  }

  @Override
  public boolean sharesDirectory() {
    return shares;
  }

  @Override
  public Fetched fetch(HandOut handOut, Control control) throws IOException {
    long begin = System.nanoTime();
    URI url;
    try {
      url = Urls.parse(handOut.url());
    } catch (Urls.UnreadableException e) {
      return new Fetched(Tried.Broken.of("bad URL", String.valueOf(e.getMessage()), false), null);
    }
    Cancellation cancellation = new Cancellation();
    control.onCancel(cancellation::request);
    try (Part part = store.part(key(handOut.url(), handOut.name()))) {
      Outcome outcome =
          http.fetch(url, new PartTarget(part, control), cancellation, control::crossTo);
      if (outcome instanceof Outcome.Broken broken) {
        return new Fetched(broken(broken, since(begin)), null);
      }
      control.landed();
      return placed(handOut, part, (Outcome.Fetched) outcome, begin);
    } catch (StoreException e) {
      return new Fetched(broken(e, since(begin)), null);
    }
  }

  private Fetched placed(HandOut handOut, Part part, Outcome.Fetched fetched, long begin)
      throws StoreException {
    Optional<String> contentType = fetched.facts().contentType();
    Placed placed =
        part.commit(
            name(handOut.name()),
            contentType,
            new Expected(OptionalLong.of(fetched.bytes()), Optional.ofNullable(handOut.sha256())));
    @Nullable Path file = streams ? store.dir().resolve(placed.file()) : null;
    return new Fetched(
        new Tried.Ok(
            placed.file(),
            placed.bytes(),
            placed.sha256(),
            fetched.httpStatus(),
            fetched.finalUrl().toString(),
            since(begin),
            contentType.orElse(null)),
        file);
  }

  private static Tried broken(Outcome.Broken broken, double seconds) {
    int status = broken.httpStatus();
    String cause =
        switch (broken.cause()) {
          case HTTP_STATUS -> "HTTP " + status;
          case DISK_FULL -> Tried.Broken.DISK_FULL;
          default -> broken.cause().words();
        };
    return new Tried.Broken(
        cause,
        broken.text(),
        status,
        broken.retryable(),
        broken.retryAfter().map(Duration::toMillis).orElse(-1L),
        broken.finalUrl().toString(),
        seconds);
  }

  /** What the disk says; only a file that turned out wrong may be right another time. */
  static Tried broken(StoreException e, double seconds) {
    String text = String.valueOf(e.getMessage());
    return switch (e.trouble()) {
      case DISK_FULL -> new Tried.Broken(Tried.Broken.DISK_FULL, text, 0, false, -1, null, seconds);
      case LENGTH -> new Tried.Broken("wrong length", text, 0, true, -1, null, seconds);
      case DIGEST -> new Tried.Broken("wrong checksum", text, 0, true, -1, null, seconds);
      default -> new Tried.Broken("file cannot be written", text, 0, false, -1, null, seconds);
    };
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public void close() throws IOException {
    http.close();
    store.close();
    if (streams) {
      remove(store.dir());
    }
  }

  private static void remove(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
