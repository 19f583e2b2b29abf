package io.divvy.node.worker;

import io.divvy.protocol.Chunk;
import io.divvy.protocol.Interval;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToCoordinator.Results;
import io.divvy.protocol.ToCoordinator.Stopping;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker knows of one stay of a run on its slot: which attempts it has in hand, and which
 * results are not yet acknowledged. Mutable, owned by one actor; knows no actors itself.
 *
 * <p>An attempt is in hand from the moment it was heard until all its results are acknowledged.
 * After that its end is remembered for a while, to recognise what is heard twice.
 */
final class Stay {
  /** How many attempts are remembered that are no longer in hand. */
  static final int REMEMBERED = 4096;

  private record Sent(Results message, int bytes, List<Long> finished) {}

  private final RunKey run;
  private final String node;
  private final int slot;
  private final long grant;
  private final long block;

  private final Map<Long, Task> inHand = new LinkedHashMap<>();
  private final Deque<Sent> unacknowledged = new ArrayDeque<>();
  private final Map<Long, Long> ends = new LinkedHashMap<>();
  private long forgottenUpTo = Long.MIN_VALUE;
  private long sequence;

  Stay(RunKey run, String node, int slot, long grant, long block) {
    this.run = run;
    this.node = node;
    this.slot = slot;
    this.grant = grant;
    this.block = block;
  }

  RunKey run() {
    return run;
  }

  long grant() {
    return grant;
  }

  /** Takes the chunks that were not heard before. */
  List<Task> take(List<Chunk> chunks, long now) {
    List<Task> taken = new ArrayList<>();
    for (Chunk chunk : chunks) {
      if (isNew(chunk)) {
        Task task = new Task(chunk.attempt(), new Interval(chunk.from(), chunk.to()), block, now);
        inHand.put(chunk.attempt(), task);
        taken.add(task);
      }
    }
    return taken;
  }

  /** Gives back whole the chunks that were not heard before. */
  List<Stopping> giveBack(List<Chunk> chunks) {
    List<Stopping> given = new ArrayList<>();
    for (Chunk chunk : chunks) {
      if (isNew(chunk)) {
        remember(chunk.attempt(), chunk.from());
        given.add(stopping(chunk.attempt(), chunk.from()));
      }
    }
    return given;
  }

  /**
   * Cuts the attempt short; the answer says where it ends. None for an attempt that was never heard
   * of: its chunk is still on its way, or lost.
   */
  Optional<Stopping> stopEarly(long attempt, double keep, long knownEnd) {
    Task task = inHand.get(attempt);
    if (task != null) {
      return Optional.of(stopping(attempt, task.stopEarly(keep, knownEnd)));
    }
    return Optional.ofNullable(ends.get(attempt)).map(end -> stopping(attempt, end));
  }

  /** Cuts everything in hand down to what is begun. */
  List<Stopping> stopAll() {
    return inHand.values().stream().map(task -> stopping(task.attempt(), task.stop())).toList();
  }

  /** Numbers a batch of results for sending; none when it only tells of attempts that ended. */
  Optional<Results> send(Outbox.Batch batch) {
    if (batch.results().isEmpty()) {
      finish(batch.finished());
      return Optional.empty();
    }
    Results message = new Results(run, node, slot, grant, ++sequence, batch.results());
    unacknowledged.add(new Sent(message, batch.bytes(), batch.finished()));
    return Optional.of(message);
  }

  /** The coordinator has all results up to {@code number}; returns how many bytes those were. */
  long acknowledge(long number) {
    long bytes = 0;
    for (Sent first = unacknowledged.peek();
        first != null && first.message.sequence() <= number;
        first = unacknowledged.peek()) {
      unacknowledged.remove();
      bytes += first.bytes;
      first.finished.forEach(this::forget);
    }
    return bytes;
  }

  /** What was sent and is not acknowledged, in order. */
  List<Results> unacknowledged() {
    return unacknowledged.stream().map(Sent::message).toList();
  }

  boolean allAcknowledged() {
    return unacknowledged.isEmpty();
  }

  /** The attempts in hand. */
  List<Long> attempts() {
    return List.copyOf(inHand.keySet());
  }

  private void finish(List<Long> attempts) {
    Sent latest = unacknowledged.pollLast();
    if (latest == null) {
      attempts.forEach(this::forget);
      return;
    }
    // Earlier results of these attempts may be in there, or before.
    List<Long> finished = new ArrayList<>(latest.finished);
    finished.addAll(attempts);
    unacknowledged.addLast(new Sent(latest.message, latest.bytes, finished));
  }

  private void forget(long attempt) {
    Task task = inHand.remove(attempt);
    if (task != null) {
      remember(attempt, task.end());
    }
  }

  private void remember(long attempt, long end) {
    ends.put(attempt, end);
    if (ends.size() > REMEMBERED) {
      Long eldest = ends.keySet().iterator().next();
      ends.remove(eldest);
      forgottenUpTo = Math.max(forgottenUpTo, eldest);
    }
  }

  /** Attempts are numbered upwards, so one below a forgotten one was heard long ago. */
  private boolean isNew(Chunk chunk) {
    long attempt = chunk.attempt();
    return attempt > forgottenUpTo && !inHand.containsKey(attempt) && !ends.containsKey(attempt);
  }

  private Stopping stopping(long attempt, long end) {
    return new Stopping(run, node, slot, grant, attempt, end);
  }
}
