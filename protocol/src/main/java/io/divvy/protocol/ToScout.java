package io.divvy.protocol;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a command hears while it looks for nodes. */
public sealed interface ToScout extends WireMessage {

  /**
   * A node, and the addresses (HOST:PORT) of the others it knows.
   *
   * @param transfers where it takes URLs to fetch; null when it does not
   * @param peers its own address is not among them
   */
  record Here(
      NodeInfo node,
      ActorRef<ToAgent> agent,
      @Nullable ActorRef<ToTransfers> transfers,
      List<String> peers)
      implements ToScout {
    public Here {
      peers = List.copyOf(peers);
    }
  }
}
