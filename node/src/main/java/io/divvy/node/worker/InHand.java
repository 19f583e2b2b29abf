package io.divvy.node.worker;

import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a thread of this JVM computes just now. A function that calls {@code System.exit} takes all
 * of the JVM with it; whoever puts the JVM in order then learns here which function it was.
 */
public final class InHand {
  private static final Map<Thread, InHand> ALL = new ConcurrentHashMap<>();
  private static final String EXIT = "exit";

  private final JobSpec job;
  private volatile Interval slice = new Interval(0, 0);

  private InHand(JobSpec job) {
    this.job = job;
  }

  /** The current thread begins to compute. */
  static InHand begin(JobSpec job) {
    InHand hand = new InHand(job);
    ALL.put(Thread.currentThread(), hand);
    return hand;
  }

  /** The current thread computes no more. */
  static void end() {
    ALL.remove(Thread.currentThread());
  }

  void take(Interval items) {
    slice = items;
  }

  /** What the thread computes that has called for the end of the JVM, if that is what ends it. */
  public static Optional<InHand> ofWhoExits() {
    return ALL.entrySet().stream()
        .filter(entry -> exits(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * What the thread computes, as far as it does and has not itself called for the end of the JVM.
   */
  public static Optional<InHand> of(Thread thread) {
    return Optional.ofNullable(ALL.get(thread)).filter(hand -> !exits(thread));
  }

  private static boolean exits(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals(Runtime.class.getName())
                    && frame.getMethodName().equals(EXIT));
  }

  /** The job, and the number or the first of the numbers: {@code crash 500}. */
  public String text() {
    Interval items = slice;
    String first = job.kind() + " " + job.numbers().at(items.from());
    return items.size() <= 1 ? first : first + " and what follows it";
  }
}
