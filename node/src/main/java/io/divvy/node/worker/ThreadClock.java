package io.divvy.node.worker;

import io.divvy.protocol.Durations;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says where the time of one thread went: computing, kept from its core, held by the collector, or
 * blocked. Used by that thread alone.
 *
 * <p>A reading takes some 5 µs: once per piece of work, not per tiny item.
 */
public final class ThreadClock implements AutoCloseable {
  private final LongSupplier computed;
  private final LongSupplier stolen;
  private final LongSupplier collected;
  private final AutoCloseable source;
  private long computedBefore;
  private long stolenBefore;
  private long collectedBefore;

  ThreadClock(
      LongSupplier computed, LongSupplier stolen, LongSupplier collected, AutoCloseable source) {
    this.computed = computed;
    this.stolen = stolen;
    this.collected = collected;
    this.source = source;
    start();
  }

  /** A clock for the thread that calls this. */
  public static ThreadClock ofCurrentThread() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    boolean tells = threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled();
    RunQueue queue = RunQueue.ofCurrentThread();
    return new ThreadClock(
        // A system that does not tell leaves the choice between computing and waiting: a worker
        // computes.
        tells ? threads::getCurrentThreadCpuTime : System::nanoTime, queue::delay, pauses(), queue);
  }

  private static LongSupplier pauses() {
    // "Cycles" and "Concurrent" are collectors that work beside the program and do not stop it.
    List<GarbageCollectorMXBean> collectors =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(collector -> !collector.getName().contains("Cycles"))
            .filter(collector -> !collector.getName().contains("Concurrent"))
            .toList();
    return () -> {
      long millis = 0;
      for (GarbageCollectorMXBean collector : collectors) {
        millis += Math.max(0, collector.getCollectionTime());
      }
      return TimeUnit.MILLISECONDS.toNanos(millis);
    };
  }

  /** A piece of work starts now. */
  public void start() {
    computedBefore = computed.getAsLong();
    stolenBefore = stolen.getAsLong();
    collectedBefore = collected.getAsLong();
  }

  /**
   * A piece of work ends now, and the next one starts unless {@link #start} is called later.
   *
   * @param wall how long the piece took by the caller's clock, in nanoseconds, at least 0
   * @return {@code wall}, shared out among {@code computed}, {@code stolen}, {@code gc} and {@code
   *     waited}
   */
  public Durations stop(long wall) {
    long computedAtStart = computedBefore;
    long stolenAtStart = stolenBefore;
    long collectedAtStart = collectedBefore;
    start();
    // The clocks tick apart, by some microseconds, and pauses are told in whole milliseconds. So
    // each may take at most what the ones before it left, the most precise one first.
    long left = wall;
    long ran = Math.min(left, Math.max(0, computedBefore - computedAtStart));
    left -= ran;
    long kept = Math.min(left, Math.max(0, stolenBefore - stolenAtStart));
    left -= kept;
    long paused = Math.min(left, Math.max(0, collectedBefore - collectedAtStart));
    left -= paused;
    return new Durations(0, 0, ran, left, kept, paused, 0, 0);
  }

  /** Lets go of the system's file. */
  @Override
  public void close() {
    try {
      source.close();
    } catch (Exception e) {
      throw new IllegalStateException("a file of /proc does not close", e);
    }
  }

  /** How long the thread stood ready while others had the cores, as Linux counts it. */
  private static final class RunQueue implements AutoCloseable {
    private static final int LINE_BYTES = 96;

    // Not a channel: an interrupt closes channels, and a cancelled piece interrupts its thread.
    private final @Nullable RandomAccessFile file;
    private final byte[] line = new byte[LINE_BYTES];

    private RunQueue(@Nullable RandomAccessFile file) {
      this.file = file;
    }

    // The file that stays open is that of the thread which opened it.
    static RunQueue ofCurrentThread() {
      try {
        return new RunQueue(new RandomAccessFile("/proc/thread-self/schedstat", "r"));
      } catch (IOException e) {
        return new RunQueue(null); // another system, or a kernel that does not count
      }
    }

    /** The second of three numbers, in nanoseconds; 0 where nobody counts. */
    long delay() {
      if (file == null) {
        return 0;
      }
      try {
        file.seek(0);
        int length = Math.max(0, file.read(line));
        String[] fields = new String(line, 0, length, StandardCharsets.US_ASCII).split(" ", -1);
        return fields.length < 2 ? 0 : Long.parseLong(fields[1]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
      }
    }
  }
}
