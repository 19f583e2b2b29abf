package io.divvy.node.model;

import io.divvy.node.input.HostPort;
import io.divvy.node.model.Fleet.UnreachableException;
import io.divvy.protocol.ToAgent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;

/** The addresses at which a command looks for the nodes of a cluster. */
final class Doors {

  private static final int PROBE_MILLIS = 3000;

  private Doors() {}

  /**
   * Those where something listens, as HOST:PORT with the number of the host.
   *
   * @throws UnreachableException when that is none of them
   */
  static List<String> answering(List<HostPort> addresses) throws UnreachableException {
    List<String> answering = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    for (HostPort address : addresses) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(address.host(), address.port()), PROBE_MILLIS);
        answering.add(address.numeric().toString());
      } catch (UnknownHostException e) {
        silent.add(address + ": nobody knows that host");
      } catch (IOException e) {
        silent.add(address + ": " + e.getMessage());
      }
    }
    if (answering.isEmpty()) {
      throw new UnreachableException(
          "no node reached at "
              + String.join(", ", silent)
              + "; start one there with 'divvy node', or name another with --join");
    }
    return answering;
  }

  /** The door of the node at HOST:PORT, whether there is one or not. */
  static ActorRef<ToAgent> agent(ActorSystem<?> system, String address) {
    return ActorRefResolver.get(system).resolveActorRef("pekko://divvy@" + address + "/user/agent");
  }

  /** Something listens there, and no node has answered for so long. */
  static UnreachableException silent(List<String> answering, Duration patience) {
    return new UnreachableException(
        "something listens at "
            + String.join(", ", answering)
            + ", but no Divvy node answered within "
            + patience.toSeconds()
            + " s; check the address, and that its program is of the same version");
  }
}
