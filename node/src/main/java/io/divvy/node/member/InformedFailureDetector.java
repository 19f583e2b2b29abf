package io.divvy.node.member;

import com.typesafe.config.Config;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.DefaultFailureDetectorRegistry;
import org.apache.pekko.remote.FailureDetector;
import org.apache.pekko.remote.FailureDetectorRegistry;
import org.apache.pekko.remote.PhiAccrualFailureDetector;
import scala.Option;

/**
 * Judges by heartbeats whether a member lives, until it hears for certain that it does not.
 *
 * <p>A member that was taken out is forgotten only when it is unreachable as well, and a new node
 * at its address is let in only then. Silence alone shows that after many seconds.
 */
public final class InformedFailureDetector extends PhiAccrualFailureDetector {
  private volatile boolean dead;

  /** Called by Pekko, which knows this class by its name in the settings. */
  public InformedFailureDetector(Config config, EventStream events) {
    super(config, events);
  }

  /** Takes out a member whose process has ended. */
  static void takeOut(ActorSystem<?> system, Address address) {
    Cluster cluster = Cluster.get(system);
    FailureDetectorRegistry<Address> all = cluster.failureDetector();
    if (all instanceof DefaultFailureDetectorRegistry<Address> registry) {
      Option<FailureDetector> of = registry.failureDetector(address);
      if (of.isDefined() && of.get() instanceof InformedFailureDetector detector) {
        detector.dead = true;
      }
    }
    cluster.down(address);
  }

  @Override
  public boolean isAvailable() {
    return !dead && super.isAvailable();
  }
}
