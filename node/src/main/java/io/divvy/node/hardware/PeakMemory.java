package io.divvy.node.hardware;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Looks now and then how much memory some processes use together, and keeps the largest sum. It
 * looks every 250 ms, or more rarely where looking takes long: at large heaps.
 */
public final class PeakMemory implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  // Between two looks pass so many times the duration of one: they cost 0.2 % of a core at most,
  // since it is cores that are measured. A JVM keeps what it took, so little is overlooked.
  private static final int PAUSE = 500;

  private final ToLongFunction<Set<Long>> memory;
  private final Duration interval;
  private final Set<Long> pids = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread sampler;
  private volatile long peak = -1;

  private PeakMemory(ToLongFunction<Set<Long>> memory, Duration interval) {
    this.memory = memory;
    this.interval = interval;
    this.sampler = new Thread(this::sampleUntilClosed, "peak-memory");
  }

  /** Starts to look, on a daemon thread. */
  public static PeakMemory start() {
    return start(new Memory()::bytes, INTERVAL);
  }

  static PeakMemory start(ToLongFunction<Set<Long>> memory, Duration interval) {
    PeakMemory peak = new PeakMemory(memory, interval);
    peak.sampler.setDaemon(true);
    peak.sampler.start();
    return peak;
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

  private void sampleUntilClosed() {
    try {
      long pause = interval.toNanos();
      while (!closed.await(pause, TimeUnit.NANOSECONDS)) {
        long start = System.nanoTime();
        sample();
        pause = Math.max(interval.toNanos(), PAUSE * (System.nanoTime() - start));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody asks for more
    }
  }

  /** Looks once more now: a short run may end before the first interval does. */
  public synchronized void sample() {
    peak = Math.max(peak, memory.applyAsLong(Set.copyOf(pids)));
  }

  /** Looks a last time, and stops. Call it while the processes still run. */
  @Override
  public void close() {
    if (closed.getCount() > 0) {
      closed.countDown();
      sample();
    }
  }
}
