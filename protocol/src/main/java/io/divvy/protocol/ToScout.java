package io.divvy.protocol;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a command hears while it looks for nodes, or for the runs that they work for. */
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

  /**
   * The runs that a node works for, downloads among them.
   *
   * @param beginning what was asked for
   * @param address where the node's messages arrive
   * @param peers the addresses of the other nodes it knows
   * @param runs no more than {@link #MOST}
   * @param more how many are left out
   */
  record UnderWay(String beginning, String address, List<String> peers, List<Run> runs, int more)
      implements ToScout {

    /** The most runs in one message. */
    public static final int MOST = 100;

    public UnderWay {
      more += Math.max(0, runs.size() - MOST);
      runs = List.copyOf(runs.subList(0, Math.min(MOST, runs.size())));
      peers = List.copyOf(peers);
    }

    /** The same answer with these runs as well. */
    public UnderWay with(List<Run> others) {
      List<Run> all = new ArrayList<>(runs);
      all.addAll(others);
      return new UnderWay(beginning, address, peers, all, more);
    }
  }

  /**
   * A run under way.
   *
   * @param what its job, in words
   * @param from where its command is
   */
  record Run(RunKey run, String what, String from) {
    public Run {
      what = OneLine.of(what);
      from = OneLine.of(from);
    }
  }
}
