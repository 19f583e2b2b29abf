package io.divvy.node.member;

import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToAgent;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The agent of a node, as far as the node's program has to do with it.
 *
 * @param <C> what the agent hears from its own JVM
 */
public interface AgentFactory<C> {

  Behavior<C> create(NodeInfo info);

  /** Where commands reach the agent; it is spawned under the name {@code agent}. */
  Behavior<ToAgent> door(ActorRef<C> agent);

  /** The addresses (HOST:PORT) of all other nodes; told whenever they change. */
  C peers(List<String> addresses);

  /** A liveness connection of this run was opened. */
  C opened(RunKey run);

  /** The last liveness connection of this run was closed. */
  C closed(RunKey run);

  /**
   * Give back all work and take no more; answered when nothing is left, or after {@code within}.
   */
  C drain(Duration within, ActorRef<Done> replyTo);
}
