package io.divvy.node.worker;

import io.divvy.protocol.Durations;
import java.util.function.LongSupplier;

/**
 * Where the time of a slot goes, from the grant on. Used by the compute thread alone.
 *
 * <p>Wall time is measured around everything. What the machine tells of the thread splits the time
 * of the function, and is asked at most once a millisecond: for what takes less it would cost more
 * than it says.
 */
final class SlotClock {
  private static final long READING_NANOS = 1_000_000;

  private final LongSupplier nanoTime;
  private final ThreadTimes times;

  /** The end of the previous piece of work. */
  private long mark;

  private long idle;
  private long blocked;
  private long function;

  private ThreadTimes.Reading reading;
  private long readAt;
  private long asleepSinceReading;

  /**
   * @param grantedAt when the slot was granted; it was idle until now
   */
  SlotClock(LongSupplier nanoTime, ThreadTimes times, long grantedAt) {
    this.nanoTime = nanoTime;
    this.times = times;
    this.mark = grantedAt;
    this.reading = times.read();
    this.readAt = nanoTime.getAsLong();
    this.idle = readAt - grantedAt;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** There was nothing to do since {@code since}. */
  void idleSince(long since) {
    idle += slept(since);
  }

  /** Results waited to be acknowledged since {@code since}. */
  void blockedSince(long since) {
    blocked += slept(since);
  }

  /** The function held the thread for this long. */
  void ran(long nanos) {
    function += nanos;
  }

  /**
   * A piece of work ended: where the time since the previous one went.
   *
   * @param queued how long the piece waited behind others
   */
  Durations lap(long queued) {
    long now = now();
    long span = now - mark;
    long stolen = 0;
    long collecting = 0;
    long waited = 0;
    if (now - readAt >= READING_NANOS) {
      ThreadTimes.Reading before = reading;
      long awake = now - readAt - asleepSinceReading;
      reading = times.read();
      long ready = reading.ready() - before.ready();
      // Neither on a core nor in line for one: the JVM stood still, or the function slept.
      long off = Math.max(0, awake - ready - (reading.running() - before.running()));
      stolen = within(function, ready);
      collecting =
          within(function - stolen, Math.min(off, reading.collecting() - before.collecting()));
      waited = within(function - stolen - collecting, off - collecting);
      readAt = now;
      asleepSinceReading = 0;
    }
    Durations lap =
        new Durations(
            queued,
            idle,
            function - stolen - collecting - waited,
            waited,
            stolen,
            collecting,
            span - idle - blocked - function,
            blocked);
    mark = now;
    idle = 0;
    blocked = 0;
    function = 0;
    return lap;
  }

  private long slept(long since) {
    long nanos = now() - since;
    asleepSinceReading += nanos;
    return nanos;
  }

  private static long within(long most, long nanos) {
    return Math.max(0, Math.min(most, nanos));
  }
}
