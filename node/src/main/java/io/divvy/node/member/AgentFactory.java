package io.divvy.node.member;

import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The agent of a node, as far as the node's program has to do with it.
 *
 * @param <C> what the agent hears; {@link io.divvy.protocol.ToAgent} is part of it, since commands
 *     speak to it by its address
 */
public interface AgentFactory<C> {

  /** The agent; it is spawned under the name {@code agent}. */
  Behavior<C> create(NodeInfo info);

  /** The addresses (HOST:PORT) of all other nodes; told whenever they change. */
  C peers(List<String> addresses);

  /** The liveness connection of this run closed. */
  C closed(RunKey run);

  /** Give back all work and take no more; {@code drained} is completed when nothing is left. */
  C drain(CompletableFuture<Void> drained);
}
