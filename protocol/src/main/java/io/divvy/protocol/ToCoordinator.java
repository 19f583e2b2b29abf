package io.divvy.protocol;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the coordinator of a run hears from agents and workers. {@code node} is a node's name. */
public sealed interface ToCoordinator extends WireMessage {

  RunKey run();

  /**
   * The agent takes part.
   *
   * @param memoryBytes the memory of its process (PSS), or -1 when the machine does not tell
   */
  record Registered(RunKey run, String node, long memoryBytes) implements ToCoordinator {}

  /** The agent cannot take part. */
  record Refused(RunKey run, String node, String why) implements ToCoordinator {}

  /**
   * A slot is the run's, until it is given back; repeated until answered by chunks or a decline.
   */
  record Offered(RunKey run, String node, int slot, long grant, ActorRef<ToWorker> worker)
      implements ToCoordinator {}

  /**
   * Results in order, numbered from 1 within a grant, sent again until acknowledged.
   *
   * @param sequence the number of this message
   */
  record Results(RunKey run, String node, int slot, long grant, long sequence, List<Result> results)
      implements ToCoordinator {
    public Results {
      results = List.copyOf(results);
    }
  }

  /**
   * The attempt stops at {@code end}; what lay behind it is the coordinator's again. Said in answer
   * to {@code StopEarly} and, unasked, when the agent wants the slot for another run.
   */
  record Stopping(RunKey run, String node, int slot, long grant, long attempt, long end)
      implements ToCoordinator {}

  /**
   * The slot is no longer the run's; all its results were acknowledged.
   *
   * @param rest the slot's time since its last result
   */
  record Released(RunKey run, String node, int slot, long grant, Durations rest)
      implements ToCoordinator {}

  /**
   * The node lives, and holds these attempts: their leases run anew.
   *
   * @param memoryBytes the memory of its process (PSS), or -1 when the machine does not tell
   */
  record Alive(RunKey run, String node, List<Long> attempts, long memoryBytes)
      implements ToCoordinator {
    public Alive {
      attempts = List.copyOf(attempts);
    }
  }

  /**
   * An item did not stop when it was interrupted: its thread was given up, and the slot has a new
   * one. Said once; what becomes of the item comes with the results.
   *
   * @param what which item, and for how long, in words
   */
  record Abandoned(RunKey run, String node, int slot, String what) implements ToCoordinator {}

  /** The node leaves of its own will, once it has given back what it holds. */
  record Departing(RunKey run, String node) implements ToCoordinator {}

  /** All results and unstarted work of this node are back; it goes. */
  record Departed(RunKey run, String node) implements ToCoordinator {}

  /**
   * Somebody asked the node to have this run ended, as the first Ctrl-C in its terminal does.
   *
   * @param by who, in words
   */
  record Cancelled(RunKey run, String node, String by) implements ToCoordinator {
    public Cancelled {
      by = OneLine.of(by);
    }
  }
}
