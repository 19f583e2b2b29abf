package io.divvy.node.worker;

/** What the machine and the JVM tell about the thread that asks. */
@FunctionalInterface
public interface ThreadTimes {

  /** A clock that knows no better than that its thread always runs. */
  ThreadTimes ALWAYS_RUNNING = () -> new Reading(System.nanoTime(), 0, 0);

  /** Asked by the thread itself, and by no other. */
  Reading read();

  /**
   * Sums since some moment, in nanoseconds.
   *
   * @param running the thread was on a core
   * @param ready it could have run, but the machine gave the core to others
   * @param collecting the JVM stood still to collect garbage
   */
  record Reading(long running, long ready, long collecting) {}
}
