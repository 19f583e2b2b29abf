package io.divvy.protocol;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a command hears while it looks for nodes. */
public sealed interface ToScout extends WireMessage {

  /**
   * A node, and the addresses (HOST:PORT) of the others it knows.
   *
   * @param peers its own address is not among them
   */
  record Here(NodeInfo node, ActorRef<ToAgent> agent, List<String> peers) implements ToScout {
    public Here {
      peers = List.copyOf(peers);
    }
  }
}
