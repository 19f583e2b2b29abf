package io.divvy.node.member;

import java.time.Duration;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.DowningProvider;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Takes members out of the cluster that stay unreachable: everyone who sees it does it.
 *
 * <p>It prefers that the living go on to that there is only one cluster. A strategy that counts
 * majorities would stop the survivor when one of two dies, or when the first two of three do. Here
 * two halves that cannot reach each other both go on, which is harmless: runs belong to commands,
 * not to the cluster, and results are counted once. A node that finds itself shut out ends.
 */
public final class Downing extends DowningProvider {
  private static final Logger LOG = LoggerFactory.getLogger(Downing.class);
  private static final String AFTER = "pekko.cluster.divvy-down-after";

  private final Duration after;

  /** Called by Pekko, which knows this class by its name in the settings. */
  public Downing(ActorSystem system) {
    this.after = system.settings().config().getDuration(AFTER);
  }

  @Override
  public FiniteDuration downRemovalMargin() {
    return FiniteDuration.fromNanos(0);
  }

  @Override
  public Option<Props> downingActorProps() {
    return Option.apply(Props.create(Observer.class, () -> new Observer(after)));
  }

  private record Overdue(Member member) {}

  /** Waits for each unreachable member, and downs it when the time is over. */
  private static final class Observer extends AbstractActorWithTimers {
    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final Duration after;

    Observer(Duration after) {
      this.after = after;
    }

    @Override
    public void preStart() {
      cluster.subscribe(
          getSelf(),
          ClusterEvent.initialStateAsEvents(),
          ClusterEvent.ReachabilityEvent.class,
          ClusterEvent.MemberRemoved.class);
      getContext()
          .getSystem()
          .eventStream()
          .subscribe(getSelf(), ThisActorSystemQuarantinedEvent.class);
    }

    @Override
    public void postStop() {
      cluster.unsubscribe(getSelf());
      getContext().getSystem().eventStream().unsubscribe(getSelf());
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(ClusterEvent.UnreachableMember.class, event -> onUnreachable(event.member()))
          .match(ClusterEvent.ReachableMember.class, event -> forget(event.member()))
          .match(ClusterEvent.MemberRemoved.class, event -> forget(event.member()))
          .match(Overdue.class, overdue -> onOverdue(overdue.member()))
          .match(ThisActorSystemQuarantinedEvent.class, this::onShutOut)
          .build();
    }

    private void onUnreachable(Member member) {
      getTimers().startSingleTimer(member.uniqueAddress(), new Overdue(member), after);
    }

    /** It is back, or it is gone and a new node may have its address: one is downed by address. */
    private void forget(Member member) {
      getTimers().cancel(member.uniqueAddress());
    }

    private void onOverdue(Member member) {
      LOG.warn("Taking out [{}], which was unreachable for {}", member.address(), after);
      cluster.down(member.address());
    }

    /**
     * The others took this node out, while it was stopped say; it can only come back as a new one.
     */
    private void onShutOut(ThisActorSystemQuarantinedEvent event) {
      LOG.warn("[{}] has shut this node out", event.remoteAddress());
      UniqueAddress self = cluster.selfUniqueAddress();
      cluster.down(self.address());
    }
  }
}
