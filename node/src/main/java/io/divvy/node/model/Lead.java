package io.divvy.node.model;

import io.divvy.coordinator.Coordinator;
import io.divvy.coordinator.NodeEnd;
import io.divvy.coordinator.download.DownloadCoordinator;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToTransfers;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of a run, whatever it coordinates, as the roster speaks to it.
 *
 * @param found told of each node that can be asked to take part
 * @param lost told of evidence that a node is gone
 * @param stillborn told of each process that ended before it took part
 * @param restarting told of each node whose successor is being started
 * @param givenUp told of each node that is not started again, and why
 * @param interrupt ends the run soon
 */
record Lead(
    ActorRef<?> coordinator,
    Found found,
    Lost lost,
    Stillborn stillborn,
    Consumer<String> restarting,
    BiConsumer<String, String> givenUp,
    Runnable interrupt) {

  /** A node; {@code transfers} is null when it fetches no URLs. */
  interface Found {
    void tell(NodeInfo node, ActorRef<ToAgent> agent, @Nullable ActorRef<ToTransfers> transfers);
  }

  /** A node that is gone, perhaps. */
  interface Lost {
    void tell(String node, String why, NodeEnd end);
  }

  /** A process that ended before it took part. */
  interface Stillborn {
    void tell(String node, long pid, String why);
  }

  /** Starts a coordinator. */
  interface Start {
    Lead in(ActorContext<?> context, String name);
  }

  /** One that has agents compute. */
  static Start computing(Behavior<Coordinator.Command> behavior) {
    return (context, name) -> {
      ActorRef<Coordinator.Command> ref = context.spawn(behavior, name);
      return new Lead(
          ref,
          (node, agent, transfers) -> ref.tell(new Coordinator.NodeFound(node, agent)),
          (node, why, end) -> ref.tell(new Coordinator.NodeLost(node, why, end)),
          (node, pid, why) -> ref.tell(new Coordinator.NodeStillborn(node, pid, why)),
          node -> ref.tell(new Coordinator.NodeRestarting(node)),
          (node, why) -> ref.tell(new Coordinator.NodeGivenUp(node, why)),
          () -> ref.tell(Coordinator.Interrupt.INSTANCE));
    };
  }

  /** One that has URLs fetched. */
  static Start downloading(Behavior<DownloadCoordinator.Command> behavior) {
    return (context, name) -> {
      ActorRef<DownloadCoordinator.Command> ref = context.spawn(behavior, name);
      return new Lead(
          ref,
          (node, agent, transfers) -> ref.tell(new DownloadCoordinator.NodeFound(node, transfers)),
          (node, why, end) -> ref.tell(new DownloadCoordinator.NodeLost(node, why, end.exited())),
          (node, pid, why) -> ref.tell(new DownloadCoordinator.NodeStillborn(node, pid, why)),
          node -> ref.tell(new DownloadCoordinator.NodeRestarting(node)),
          (node, why) -> ref.tell(new DownloadCoordinator.NodeGivenUp(node, why)),
          () -> ref.tell(DownloadCoordinator.Interrupt.INSTANCE));
    };
  }
}
