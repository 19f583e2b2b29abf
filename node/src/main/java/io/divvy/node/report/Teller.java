package io.divvy.node.report;

import io.divvy.coordinator.event.JobEvent;
import java.util.function.Consumer;

/** Tells a person of one run while it lasts; it only listens. */
public interface Teller extends Consumer<JobEvent>, AutoCloseable {

  /** Tells what is left to tell, and nothing more. */
  @Override
  void close();
}
