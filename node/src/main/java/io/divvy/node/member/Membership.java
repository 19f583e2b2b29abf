package io.divvy.node.member;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** Watches who is in the cluster, this node included. */
final class Membership extends AbstractBehavior<Membership.Command> {

  sealed interface Command {}

  private record Changed(ClusterEvent.MemberEvent event) implements Command {}

  /**
   * How far this node has come.
   *
   * @param welcomed it belongs to a cluster
   * @param removed it belongs to the cluster no more
   */
  record Stages(CompletableFuture<Void> welcomed, CompletableFuture<Void> removed) {
    Stages() {
      this(new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  /**
   * @param others told the addresses of all other members whenever they change
   */
  static Behavior<Command> create(Stages stages, Consumer<List<String>> others) {
    return Behaviors.setup(context -> new Membership(context, stages, others));
  }

  private final Stages stages;
  private final Consumer<List<String>> others;
  private final Address self;
  private final TreeMap<String, Long> known = new TreeMap<>();

  private Membership(ActorContext<Command> context, Stages stages, Consumer<List<String>> others) {
    super(context);
    this.stages = stages;
    this.others = others;
    Cluster cluster = Cluster.get(context.getSystem());
    this.self = cluster.selfMember().address();
    ActorRef<ClusterEvent.MemberEvent> events =
        context.messageAdapter(ClusterEvent.MemberEvent.class, Changed::new);
    cluster.subscriptions().tell(Subscribe.create(events, ClusterEvent.MemberEvent.class));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Changed.class, this::onChanged).build();
  }

  private Behavior<Command> onChanged(Changed changed) {
    Member member = changed.event().member();
    getContext().getLog().info("[{}] is [{}]", member.address(), member.status());
    if (member.address().equals(self)) {
      onSelf(member.status());
    } else {
      onOther(member);
    }
    return this;
  }

  private void onSelf(MemberStatus status) {
    stages.welcomed().complete(null);
    if (status.equals(MemberStatus.removed()) || status.equals(MemberStatus.down())) {
      stages.removed().complete(null);
    }
  }

  /** A member that joins can take work already; one that leaves takes no more. */
  private void onOther(Member member) {
    String place = Addresses.of(member.address());
    boolean there =
        List.of(MemberStatus.joining(), MemberStatus.weaklyUp(), MemberStatus.up())
            .contains(member.status());
    List<String> before = new ArrayList<>(known.keySet());
    if (there) {
      known.put(place, member.uniqueAddress().longUid());
    } else {
      // A late word about a node that was restarted at the same address is not about the new one.
      known.remove(place, member.uniqueAddress().longUid());
    }
    List<String> now = List.copyOf(known.keySet());
    if (!now.equals(before)) {
      others.accept(now);
    }
  }
}
