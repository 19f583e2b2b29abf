package io.divvy.node.model;

import java.util.List;

/** The runs that the nodes of a cluster work for, whichever machine their commands are on. */
public interface ClusterRuns extends AutoCloseable {

  /**
   * A run under way.
   *
   * @param run its id
   * @param what its job, in words
   * @param from where its command is, as HOST:PORT
   */
  record Led(String run, String what, String from) {}

  /** Those whose ids begin like this, in the order of their ids. */
  List<Led> led(String beginning) throws InterruptedException;

  /**
   * Has the command of a run end it, as Ctrl-C does, and waits for that for some seconds.
   *
   * @return whether the run is over
   */
  boolean cancel(Led led) throws InterruptedException;

  /** Leaves the cluster alone. */
  @Override
  void close();
}
