package io.divvy.node.worker;

import io.divvy.config.ResultSettings;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Result;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Results of one grant between the compute thread, which puts them in, and the worker, which sends
 * them. It gathers small ones, cuts large ones into parts, and lets the compute thread wait while
 * too much is not yet acknowledged.
 */
final class Outbox {
  /** About what a result takes on the wire besides its payload. */
  static final int ENVELOPE_BYTES = 256;

  private final int partBytes;
  private final int windowBytes;
  private final Consumer<Batch> receiver;
  private final Runnable held;

  // All guarded by this.
  private final List<Result> results = new ArrayList<>();
  private final List<Long> finished = new ArrayList<>();
  private int bytes;
  private long unacknowledged;
  private boolean announced;
  private boolean closed;

  /**
   * What goes into one message, and the attempts that end with it.
   *
   * @param results may be empty when an attempt ended without a further result
   */
  record Batch(List<Result> results, int bytes, List<Long> finished) {
    Batch {
      results = List.copyOf(results);
      finished = List.copyOf(finished);
    }
  }

  /**
   * An empty outbox.
   *
   * @param receiver is given the batches, in order, by whatever thread completes one
   * @param held is told when something begins to wait for more; it sees to it that {@link #send}
   *     follows soon
   */
  Outbox(ResultSettings settings, Consumer<Batch> receiver, Runnable held) {
    this.partBytes = settings.partBytes();
    this.windowBytes = settings.windowBytes();
    this.receiver = receiver;
    this.held = held;
  }

  /**
   * Puts in a result; waits while too much is not acknowledged.
   *
   * @return whether it had to wait
   */
  synchronized boolean add(Result result) {
    byte[] payload = result.payload();
    boolean waited = false;
    int from = 0;
    while (payload.length - from > partBytes) {
      byte[] part = Arrays.copyOfRange(payload, from, from + partBytes);
      from += partBytes;
      waited |= put(with(result, part, false, Durations.ZERO));
    }
    byte[] rest = from == 0 ? payload : Arrays.copyOfRange(payload, from, payload.length);
    waited |= put(with(result, rest, true, result.durations()));
    return waited;
  }

  /** Puts in a small result and never waits. */
  synchronized void addAtOnce(Result result) {
    if (!closed) {
      take(result, size(result));
    }
  }

  /** No more results of this attempt will come. */
  synchronized void finished(long attempt) {
    finished.add(attempt);
  }

  /** What is in there waits for more. */
  synchronized void hold() {
    if (!closed && !announced && !(results.isEmpty() && finished.isEmpty())) {
      announced = true;
      held.run();
    }
  }

  /** Hands over what was gathered. */
  synchronized void send() {
    if (!closed && !(results.isEmpty() && finished.isEmpty())) {
      receiver.accept(new Batch(results, bytes, finished));
    }
    results.clear();
    finished.clear();
    bytes = 0;
    announced = false;
  }

  /** Results of this size will not be sent again. */
  synchronized void acknowledged(long size) {
    unacknowledged -= size;
    notifyAll();
  }

  /** Nobody wants the results any more: whoever waits goes on, and nothing is handed over. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private boolean put(Result result) {
    int size = size(result);
    if (bytes > 0 && bytes + size > partBytes) {
      send();
    }
    boolean waits = unacknowledged > 0 && unacknowledged + size > windowBytes;
    if (waits) {
      send();
      awaitRoom(size);
    }
    if (!closed) {
      take(result, size);
    }
    return waits;
  }

  private void take(Result result, int size) {
    results.add(result);
    bytes += size;
    unacknowledged += size;
    if (bytes >= partBytes) {
      send();
    }
  }

  private void awaitRoom(int size) {
    while (!closed && unacknowledged > 0 && unacknowledged + size > windowBytes) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Only closing ends the wait: an interrupt may be one that the function left behind.
      }
    }
  }

  private static Result with(Result whole, byte[] part, boolean last, Durations durations) {
    return new Result(
        whole.attempt(),
        whole.from(),
        whole.to(),
        whole.end(),
        part,
        last,
        whole.failure(),
        durations);
  }

  private static int size(Result result) {
    Result.Failure failure = result.failure();
    int text = failure == null ? 0 : utf8(failure.message()) + utf8(failure.stackTrace());
    return ENVELOPE_BYTES + result.payload().length + text;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
