package io.divvy.node.member;

import io.divvy.node.agent.Agent;
import io.divvy.node.download.transfer.Transfers;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToScout;
import io.divvy.protocol.ToTransfers;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What works in a node: the agent with its slots, and the transfers beside it.
 *
 * @param agent computes
 * @param transfers fetches URLs
 */
public record NodeActors(
    Function<NodeInfo, Behavior<Agent.Command>> agent,
    Function<NodeInfo, Behavior<Transfers.Command>> transfers) {

  /**
   * The actors of a node that has started.
   *
   * @param door where commands reach the agent
   * @param downloads where they reach the transfers; the agent tells them
   */
  public record Started(
      ActorRef<Agent.Command> agent,
      ActorRef<ToAgent> door,
      ActorRef<Transfers.Command> transfers,
      ActorRef<ToTransfers> downloads) {

    /** The command of this run has a liveness connection. */
    void livenessOpened(RunKey run) {
      agent.tell(new Agent.LivenessOpened(run));
      transfers.tell(new Transfers.LivenessOpened(run));
    }

    /** The command of this run has no liveness connection any more. */
    void livenessClosed(RunKey run) {
      agent.tell(new Agent.LivenessClosed(run));
      transfers.tell(new Transfers.LivenessClosed(run));
    }
  }

  /** Starts them as children of whoever asks, who has none of these names yet. */
  public Started start(ActorContext<?> context, NodeInfo node) {
    ActorRef<Agent.Command> slots = context.spawn(agent.apply(node), "slots");
    ActorRef<Transfers.Command> fetching = context.spawn(transfers.apply(node), "transfers");
    ActorRef<ToTransfers> downloads = context.spawn(Transfers.door(fetching), "downloads");
    slots.tell(new Agent.TransfersAt(downloads, of(fetching)));
    // This door comes last: whoever says hello there is told of the transfers as well.
    return new Started(slots, context.spawn(Agent.door(slots), "agent"), fetching, downloads);
  }

  private static Agent.Downloads of(ActorRef<Transfers.Command> fetching) {
    return new Agent.Downloads() {
      @Override
      public void answer(ToScout.UnderWay computing, ActorRef<ToScout> replyTo) {
        fetching.tell(new Transfers.AskRuns(computing, replyTo));
      }

      @Override
      public void cancel(ToAgent.Cancel cancel) {
        fetching.tell(new Transfers.CancelRun(cancel.run(), cancel.by()));
      }
    };
  }
}
