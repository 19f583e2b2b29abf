package io.divvy.node.report;

import io.divvy.coordinator.event.JobEvent;
import java.util.Optional;

/** What a person is told of the nodes of a run, whatever its kind. */
final class NodeLines {

  private NodeLines() {}

  /** Nothing when the event is about something else. */
  static Optional<String> of(JobEvent event) {
    if (event instanceof JobEvent.NodeJoined joined) {
      return Optional.of(
          "node " + joined.node().name() + " takes part: pid " + joined.node().pid());
    }
    if (event instanceof JobEvent.NodeRefused refused) {
      return Optional.of("node " + refused.node() + " does not take part: " + refused.why());
    }
    if (event instanceof JobEvent.NodeGone gone) {
      return Optional.of(
          "node "
              + gone.node()
              + (gone.expected() ? " has left: " : " is lost: ")
              + gone.why()
              + gone.details());
    }
    if (event instanceof JobEvent.ThreadAbandoned abandoned) {
      return Optional.of(
          "node "
              + abandoned.node()
              + ", worker "
              + abandoned.worker()
              + ": "
              + abandoned.what()
              + "; its thread is left to itself, and a new one goes on");
    }
    if (event instanceof JobEvent.Deaf deaf) {
      return Optional.of(
          deaf.item()
              + " does not listen to the interrupt: the run ends without it; a second Ctrl-C ends at"
              + " once");
    }
    return Optional.empty();
  }

  /** Whether it is told with this much detail. */
  static boolean told(JobEvent event, Telling.Detail detail) {
    boolean trouble =
        (event instanceof JobEvent.NodeGone gone && !gone.expected())
            || event instanceof JobEvent.ThreadAbandoned
            || event instanceof JobEvent.Deaf
            || event instanceof JobEvent.NodeRefused;
    return detail == Telling.Detail.VERBOSE || (trouble && detail != Telling.Detail.QUIET);
  }
}
