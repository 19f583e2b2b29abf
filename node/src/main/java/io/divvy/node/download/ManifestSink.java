package io.divvy.node.download;

import io.divvy.coordinator.download.Sink;
import io.divvy.node.download.list.Line;
import io.divvy.node.download.manifest.Entry;
import io.divvy.node.download.manifest.Manifest;
import io.divvy.node.download.place.Placed;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Writes down what became of each item, and keeps the first failures to be told. */
final class ManifestSink implements Sink {

  private static final int FAILURES_KEPT = 1000;
  private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ListSource source;
  private final Manifest manifest;
  private final Digests digests;
  private final LongSupplier nanoTime;
  private final List<Failure> failures = new ArrayList<>();
  private long syncedAt;

  /**
   * @param nanoTime a monotonic clock
   */
  ManifestSink(ListSource source, Manifest manifest, Digests digests, LongSupplier nanoTime) {
    this.source = source;
    this.manifest = manifest;
    this.digests = digests;
    this.nanoTime = nanoTime;
    this.syncedAt = nanoTime.getAsLong();
  }

  @Override
  public void ended(List<Ending> endings) throws IOException {
    for (Ending ending : endings) {
      manifest.add(entry(ending, source.ended(ending.entry().item())));
    }
    // What loses its lines to a loss of power is done again, so that they need not be safe at once:
    // a flush for each file would keep the disk from the files themselves.
    long now = nanoTime.getAsLong();
    if (now - syncedAt >= SYNC_NANOS) {
      manifest.sync();
      syncedAt = nanoTime.getAsLong();
    }
  }

  /** Those that are told: in the order they ended, at most a thousand. */
  synchronized List<Failure> failures() {
    return List.copyOf(failures);
  }

  private Entry entry(Ending ending, Line line) {
    Tried tried = ending.tried();
    Optional<String> out = line instanceof Line.Wanted wanted ? wanted.out() : Optional.empty();
    long index = line instanceof Line.Wanted wanted ? wanted.index() : ((Line.Bad) line).index();
    Optional<Placed> placed = Optional.empty();
    Optional<String> error = Optional.empty();
    int status;
    if (tried instanceof Tried.Ok ok) {
      placed = Optional.of(new Placed(ok.file(), ok.bytes(), ok.sha256()));
      status = ok.httpStatus();
      digests.put(ending.entry().item(), ok.sha256());
    } else {
      Tried.Broken broken = (Tried.Broken) tried;
      error = Optional.of(broken.text());
      status = broken.httpStatus();
      keep(new Failure(line.line(), ending.entry().url(), broken.cause(), broken.text()));
    }
    return new Entry(
        ending.entry().url(),
        out,
        placed,
        status > 0 ? OptionalInt.of(status) : OptionalInt.empty(),
        Optional.ofNullable(tried.finalUrl()),
        ending.attempts(),
        tried.seconds(),
        ending.node().isEmpty() ? Optional.empty() : Optional.of(ending.node()),
        error,
        Optional.empty(),
        index,
        line.line());
  }

  private synchronized void keep(Failure failure) {
    if (failures.size() < FAILURES_KEPT) {
      failures.add(failure);
    }
  }
}
