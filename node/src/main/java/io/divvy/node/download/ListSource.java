package io.divvy.node.download;

import io.divvy.coordinator.download.Entry;
import io.divvy.coordinator.download.Source;
import io.divvy.node.download.Manner.Again;
import io.divvy.node.download.fetch.Origin;
import io.divvy.node.download.list.Line;
import io.divvy.node.download.list.UrlList;
import io.divvy.node.download.manifest.Manifest;
import io.divvy.node.download.place.Name;
import io.divvy.node.download.place.Names;
import io.divvy.node.download.place.Placed;
import io.divvy.node.download.place.Store;
import io.divvy.protocol.HandOut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The lines of a list as items of a run. It names files in the order of the list, and leaves out
 * what an earlier run has done.
 */
final class ListSource implements Source {

  private final UrlList list;
  private final Names names;
  private final Again again;
  private final Store store;
  private final Manifest manifest;
  private final Digests digests;
  private final Map<Long, Line> underWay = new ConcurrentHashMap<>();
  private final AtomicLong duplicates = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();
  private long item;

  ListSource(UrlList list, Manner manner, Store store, Manifest manifest, Digests digests) {
    this.list = list;
    this.names = new Names(manner.names());
    this.again = manner.again();
    this.store = store;
    this.manifest = manifest;
    this.digests = digests;
  }

  @Override
  public List<Entry> next(int most) throws IOException {
    List<Entry> entries = new ArrayList<>();
    while (entries.size() < most) {
      Optional<Line> line = list.next();
      if (line.isEmpty()) {
        break;
      }
      entry(line.get()).ifPresent(entries::add);
    }
    return entries;
  }

  /** The line that an item came from, which is forgotten with this. */
  Line ended(long ended) {
    Line line = underWay.remove(ended);
    if (line == null) {
      throw new IllegalStateException("item " + ended + " ended twice, or is unknown");
    }
    return line;
  }

  /** How many lines said the same once more. */
  long duplicates() {
    return duplicates.get();
  }

  /** How many items were not even tried, since only what failed before was asked for. */
  long leftOut() {
    return leftOut.get();
  }

  private Optional<Entry> entry(Line line) throws IOException {
    if (line instanceof Line.Wanted wanted) {
      return wanted(wanted);
    }
    if (line instanceof Line.Bad bad) {
      underWay.put(item, bad);
      return Optional.of(new Entry.Bad(item++, bad.text(), "bad line", bad.why()));
    }
    duplicates.incrementAndGet();
    return Optional.empty();
  }

  private Optional<Entry> wanted(Line.Wanted wanted) throws IOException {
    Name name = names.claim(wanted); // also of what is there: the names of the others rest on it
    String url = wanted.url().toString();
    Optional<io.divvy.node.download.manifest.Entry> before = manifest.last(url, wanted.out());
    Optional<Placed> placed = before.flatMap(io.divvy.node.download.manifest.Entry::placed);
    if (again == Again.ALL) {
      if (placed.isPresent()) {
        store.withdraw(placed.get());
      }
    } else {
      if (placed.isPresent() && manifest.isComplete(before.get(), wanted, Manifest.Check.LENGTH)) {
        digests.put(item, placed.get().sha256());
        return Optional.of(new Entry.Present(item++, url, placed.get().bytes()));
      }
      if (again == Again.FAILED && (before.isEmpty() || before.get().ok())) {
        leftOut.incrementAndGet();
        return Optional.empty();
      }
    }
    underWay.put(item, wanted);
    return Optional.of(
        new Entry.Wanted(
            item++,
            url,
            Origin.of(wanted.url()).place(),
            new HandOut.Name(
                name.folder() + name.stem(),
                name.extension().orElse(null),
                wanted.out().isPresent()),
            wanted.sha256().orElse(null)));
  }
}
