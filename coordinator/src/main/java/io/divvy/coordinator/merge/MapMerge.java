package io.divvy.coordinator.merge;

import io.divvy.coordinator.ledger.IntervalSet;
import io.divvy.protocol.Interval;
import io.divvy.protocol.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of a map kind in the order of the input. What arrives ahead of a gap waits: in
 * memory up to a bound, and when that is reached all of it goes to segment files.
 *
 * <p>In a file, stretches that follow each other form one run. So memory holds an entry for each
 * gap and each time that the bound was reached, not for each payload.
 */
final class MapMerge implements Merge {

  /** What a waiting payload costs beside its bytes, roughly. */
  private static final int OVERHEAD = 160;

  /** From, to, origin, bytes of payload: what precedes a payload in a file. */
  private static final int HEADER = Long.BYTES + Long.BYTES + Integer.BYTES + Integer.BYTES;

  private final long items;
  private final ItemSink sink;
  private final long memoryBytes;
  private final Segments segments;
  private final Function<byte[], String> line;
  private final ValueDigest digest = new ValueDigest();

  // Both by first index. INVARIANT: after each call, neither they nor failed hold `next`.
  private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
  private final TreeMap<Long, Segments.Place> runs = new TreeMap<>();
  private final IntervalSet failed = new IntervalSet();
  private final List<Origin> origins = new ArrayList<>();
  private final Map<Origin, Integer> originNumbers = new HashMap<>();
  private long waitingBytes;
  private long next;
  private @Nullable String result;

  /**
   * A merge that has nothing yet.
   *
   * @param line the value line of canonical bytes, for a first value that came without one
   */
  MapMerge(
      long items,
      ItemSink sink,
      long memoryBytes,
      Segments segments,
      Function<byte[], String> line) {
    this.items = items;
    this.sink = sink;
    this.memoryBytes = memoryBytes;
    this.segments = segments;
    this.line = line;
  }

  /** A payload in memory. */
  private record Waiting(Interval interval, byte[] payload, Origin origin) {}

  @Override
  public void add(Interval interval, byte[] payload, Origin origin) throws IOException {
    if (interval.to() > items) {
      throw new IllegalArgumentException(
          "values for %s, but there are %d items".formatted(interval, items));
    }
    if (interval.isEmpty()) {
      return;
    }
    if (interval.from() == next) {
      pass(interval, payload, origin);
      drain();
      return;
    }
    waiting.put(interval.from(), new Waiting(interval, payload, origin));
    waitingBytes += payload.length + OVERHEAD;
    if (waitingBytes > memoryBytes) {
      spill();
    }
  }

  @Override
  public void fail(long index) throws IOException {
    failed.add(index, index + 1);
    drain();
  }

  @Override
  public Merged finish() throws IOException {
    while (!waiting.isEmpty() || !runs.isEmpty() || !failed.isEmpty()) {
      next = Math.min(failed.next(0).map(Interval::from).orElse(items), firstHeld());
      drain();
    }
    return new Merged(result, digest.text());
  }

  @Override
  public void close() throws IOException {
    waiting.clear();
    runs.clear();
    segments.close();
  }

  /** How much waits in memory. */
  long waitingBytes() {
    return waitingBytes;
  }

  /** How many runs wait in files. */
  int runs() {
    return runs.size();
  }

  private long firstHeld() {
    long inMemory = waiting.isEmpty() ? items : waiting.firstKey();
    return Math.min(inMemory, runs.isEmpty() ? items : runs.firstKey());
  }

  /** Passes on everything from {@code next} to the first gap. */
  private void drain() throws IOException {
    while (true) {
      Waiting inMemory = waiting.remove(next);
      if (inMemory != null) {
        waitingBytes -= inMemory.payload().length + OVERHEAD;
        pass(inMemory.interval(), inMemory.payload(), inMemory.origin());
        continue;
      }
      Segments.Place run = runs.remove(next);
      if (run != null) {
        pass(segments.reader(run));
        continue;
      }
      if (!failed.contains(next)) {
        return;
      }
      failed.remove(next, next + 1);
      sink.failed(next++);
    }
  }

  private void pass(Segments.Reader run) throws IOException {
    while (run.hasMore()) {
      ByteBuffer header = ByteBuffer.wrap(run.read(HEADER));
      Interval interval = new Interval(header.getLong(), header.getLong());
      Origin origin = origins.get(header.getInt());
      pass(interval, run.read(header.getInt()), origin);
    }
    run.end();
  }

  private void pass(Interval interval, byte[] payload, Origin origin) throws IOException {
    Payload.Reader reader = new Payload.Reader(payload);
    for (; next < interval.to() && reader.hasMore(); next++) {
      Payload.Item item = reader.item();
      digest.add(item.value());
      if (result == null) {
        String ready = item.line();
        result = ready == null ? line.apply(item.value()) : ready;
      }
      sink.item(next, item, origin);
    }
    if (next < interval.to() || reader.hasMore()) {
      throw new IllegalArgumentException(
          "the payload for %s from %s does not hold %d values"
              .formatted(interval, origin.node(), interval.size()));
    }
  }

  private void spill() throws IOException {
    Segments.Writer run = null;
    long start = 0;
    long end = 0;
    for (Waiting payload : waiting.values()) {
      Interval interval = payload.interval();
      if (run != null && (interval.from() != end || run.full())) {
        runs.put(start, run.end());
        run = null;
      }
      if (run == null) {
        run = segments.writer();
        start = interval.from();
      }
      run.write(
          ByteBuffer.allocate(HEADER)
              .putLong(interval.from())
              .putLong(interval.to())
              .putInt(numberOf(payload.origin()))
              .putInt(payload.payload().length)
              .array());
      run.write(payload.payload());
      end = interval.to();
    }
    if (run != null) {
      runs.put(start, run.end());
    }
    waiting.clear();
    waitingBytes = 0;
  }

  private int numberOf(Origin origin) {
    return originNumbers.computeIfAbsent(
        origin,
        added -> {
          origins.add(added);
          return origins.size() - 1;
        });
  }
}
