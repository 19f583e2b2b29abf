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
  private final ThreadClock thread;

  /** The end of the previous piece of work. */
  private long mark;

  private long idle;
  private long blocked;
  private long function;
  private long functionSinceRead;

  private long readAt;

  /**
   * @param grantedAt when the slot was granted; it was idle until now
   */
  SlotClock(LongSupplier nanoTime, ThreadClock thread, long grantedAt) {
    this.nanoTime = nanoTime;
    this.thread = thread;
    this.mark = grantedAt;
    thread.start();
    this.readAt = nanoTime.getAsLong();
    this.idle = readAt - grantedAt;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** When the previous piece of work ended. */
  long lapAt() {
    return mark;
  }

  /** There was nothing to do since {@code since}. */
  void idleSince(long since) {
    idle += wokenAfter(since);
  }

  /** Results waited to be acknowledged since {@code since}. */
  void blockedSince(long since) {
    blocked += wokenAfter(since);
  }

  /** The function held the thread for this long. */
  void ran(long nanos) {
    function += nanos;
    functionSinceRead += nanos;
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
      // That covers encoding, too, and small pieces before this one: the function gets its share of
      // what hits both alike, and no more than fits. Only functions block.
      Durations told = thread.stop(now - readAt);
      double share = Math.min(1, (double) functionSinceRead / (now - readAt));
      stolen = Math.min(function, (long) (told.stolen() * share));
      collecting = Math.min(function - stolen, (long) (told.gc() * share));
      waited = Math.min(function - stolen - collecting, told.waited());
      readAt = now;
      functionSinceRead = 0;
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

  /** The thread slept; its own clock says nothing of that. */
  private long wokenAfter(long since) {
    thread.start();
    readAt = now();
    functionSinceRead = 0;
    return readAt - since;
  }
}
