package io.divvy.node.drill;

import io.divvy.protocol.NodeInfo;
import java.io.IOException;
import java.util.Optional;

/** Kills and stops the processes of nodes. */
interface Signals {

  /** Why the node's process is out of reach, in a clause; empty when it is not. */
  Optional<String> outOfReach(NodeInfo node);

  /** Kills a process. */
  void kill(long pid) throws IOException;

  /** Stops a process; whatever becomes of this one, it is woken up. */
  Stopped stop(long pid) throws IOException;

  /** A process that was stopped. */
  interface Stopped {

    /** It runs again when this returns; doing it again does nothing. */
    void wake();
  }
}
