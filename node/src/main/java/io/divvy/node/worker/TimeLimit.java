package io.divvy.node.worker;

import io.divvy.protocol.Interval;
import io.divvy.protocol.Result;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long one call of the function may take: the limit of an item, or of a block of a reduction.
 * The compute thread says when a call begins and ends; somebody else {@link #look looks} whether it
 * takes too long, and interrupts it then. A call that does not listen is given up, and the thread
 * with it: when it comes back from the call it must end, and touch nothing that others use.
 */
final class TimeLimit {
  /** How long an interrupted call has until it is given up. */
  static final long GRACE_NANOS = 200_000_000;

  private enum State {
    IDLE,
    CALLED,
    LATE,
    GIVEN_UP
  }

  private final long nanos;

  // All guarded by this; but whoever polls whether it is late takes no lock.
  private volatile State state = State.IDLE;
  private @Nullable Call call;
  private long since;
  private StackTraceElement[] trace = {};

  /**
   * No call takes longer than that.
   *
   * @param nanos 0: as long as it likes
   */
  TimeLimit(long nanos) {
    this.nanos = nanos;
  }

  /**
   * What is called.
   *
   * @param slice the items
   * @param unsent where the items begin whose values are computed, but not yet in a result
   * @param lapAt when the last result was made
   */
  record Call(Task task, Interval slice, long unsent, long lapAt) {}

  /**
   * What a look has shown.
   *
   * @param again in how many nanoseconds to look again
   * @param givenUp the call that does not listen; from now on its thread touches nothing
   */
  record Look(long again, Optional<Call> givenUp) {}

  /** A call took too long; it says so instead of the value or of what was thrown. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Exceeded(String message, StackTraceElement[] where) {
      super(message);
      setStackTrace(where);
    }
  }

  /** The thread that this is thrown on was given up, and ends. */
  static final class GivenUp extends Error {
    private static final long serialVersionUID = 1L;

    private GivenUp() {
      super("this thread was given up", null, false, false);
    }
  }

  boolean isSet() {
    return nanos > 0;
  }

  /** The thread that asks is about to call the function. */
  synchronized void begin(Call called, long now) {
    call = called;
    since = now;
    state = State.CALLED;
  }

  /**
   * The call is over.
   *
   * @throws Exceeded when it took too long
   * @throws GivenUp when somebody else goes on in place of this thread
   */
  synchronized void end() {
    State before = state;
    if (before == State.GIVEN_UP) {
      throw new GivenUp();
    }
    state = State.IDLE;
    call = null;
    if (before == State.LATE) {
      throw new Exceeded(message(), trace);
    }
  }

  /** Whether the call under way is no longer wanted. */
  boolean isLate() {
    State now = state;
    return now == State.LATE || now == State.GIVEN_UP;
  }

  /** Interrupts a call of {@code thread} that takes too long, and gives up one that goes on. */
  synchronized Look look(long now, Thread thread) {
    if (state == State.CALLED) {
      if (now - since < nanos) {
        return new Look(since + nanos - now, Optional.empty());
      }
      state = State.LATE;
      since = now;
      trace = thread.getStackTrace();
      thread.interrupt();
    }
    if (state == State.LATE) {
      if (now - since < GRACE_NANOS) {
        return new Look(since + GRACE_NANOS - now, Optional.empty());
      }
      state = State.GIVEN_UP;
      trace = thread.getStackTrace();
      return new Look(nanos, Optional.ofNullable(call));
    }
    return new Look(nanos, Optional.empty());
  }

  /** Why the item of a call that was given up has no value. */
  synchronized Result.Failure failure() {
    return Failures.of(
        new Exceeded(message() + ", and did not stop when it was interrupted", trace));
  }

  private String message() {
    return "it took longer than --item-timeout allows, " + seconds(nanos);
  }

  private static String seconds(long nanos) {
    return java.math.BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString() + " s";
  }
}
