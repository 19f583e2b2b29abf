package io.divvy.node.hardware;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then, while a run is under way, how much memory some processes use together, and
 * keeps the largest sum. It looks every 250 ms, or more rarely where looking takes long: at large
 * heaps.
 */
public final class PeakMemory {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  // Between two looks pass so many times the duration of one: they cost 0.2 % of a core at most,
  // since it is cores that are measured. A JVM keeps what it took, so little is overlooked.
  private static final int PAUSE = 500;

  private final ToLongFunction<Set<Long>> memory;
  private final Duration interval;
  private final Set<Long> pids = ConcurrentHashMap.newKeySet();
  private @Nullable CountDownLatch ended;
  private volatile long peak = -1;

  /** Of the processes of this machine. */
  public PeakMemory() {
    this(new Memory()::bytes, INTERVAL);
  }

  PeakMemory(ToLongFunction<Set<Long>> memory, Duration interval) {
    this.memory = memory;
    this.interval = interval;
  }

  /** From now on this process counts. */
  public void watch(long pid) {
    pids.add(pid);
  }

  /** From now on this process counts no more; the peak stays. */
  public void forget(long pid) {
    pids.remove(pid);
  }

  /** The largest sum so far in bytes, or -1 when nothing could be told. */
  public long bytes() {
    return peak;
  }

  /** A run begins: looks at intervals, on a daemon thread, until the {@link #end}. */
  public synchronized void begin() {
    end();
    CountDownLatch over = new CountDownLatch(1);
    ended = over;
    Thread sampler = new Thread(() -> sampleUntil(over), "peak-memory");
    sampler.setDaemon(true);
    sampler.start();
  }

  /**
   * The run is over: looks a last time, since a short one ends before the first interval does. Call
   * it while the processes live. Without a run it does nothing.
   */
  public synchronized void end() {
    if (ended != null) {
      ended.countDown();
      ended = null;
      sample();
    }
  }

  private void sampleUntil(CountDownLatch over) {
    try {
      long pause = interval.toNanos();
      while (!over.await(pause, TimeUnit.NANOSECONDS)) {
        long start = System.nanoTime();
        sample();
        pause = Math.max(interval.toNanos(), PAUSE * (System.nanoTime() - start));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody asks for more
    }
  }

  private synchronized void sample() {
    peak = Math.max(peak, memory.applyAsLong(Set.copyOf(pids)));
  }
}
