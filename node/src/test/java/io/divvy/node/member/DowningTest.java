package io.divvy.node.member;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.divvy.config.DivvySettings;
import io.divvy.node.boot.Systems;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.remote.FailureDetectorRegistry;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DowningTest {
  private static final Duration DOWN_AFTER = Duration.ofSeconds(3);

  /** A node that ends without a word, and is seen to be gone at once. */
  private static final Config MORTAL =
      ConfigFactory.parseString(
          """
          pekko.coordinated-shutdown.run-by-actor-system-terminate = off
          pekko.cluster.run-coordinated-shutdown-when-down = off
          pekko.cluster.failure-detector.heartbeat-interval = 100ms
          pekko.cluster.failure-detector.acceptable-heartbeat-pause = 1s
          pekko.cluster.divvy-down-after = %d ms
          """
              .formatted(DOWN_AFTER.toMillis()));

  /** Silence tells nothing within this test. */
  private static final Config PATIENT =
      ConfigFactory.parseString(
          "pekko.cluster.failure-detector.acceptable-heartbeat-pause = 10 minutes");

  @Test
  void aNodeAtTheAddressOfADeadOneStays() throws Exception {
    ActorSystem<Void> first = start(0);
    try {
      join(first, first);
      ActorSystem<Void> second = start(0);
      int port = port(second);
      try {
        join(second, first);
        await(first, 2);
      } finally {
        Systems.stop(second, 10, TimeUnit.SECONDS);
      }
      awaitUnreachable(first);

      ActorSystem<Void> heir = start(port);
      try {
        join(heir, first);
        await(heir, 2);
        await(first, 2);
        // Only time shows that nothing happens to it.
        Thread.sleep(DOWN_AFTER.plusSeconds(1).toMillis());
        assertThat(up(first)).hasSize(2);
        assertThat(up(heir)).hasSize(2);
      } finally {
        Systems.stop(heir, 10, TimeUnit.SECONDS);
      }
    } finally {
      Systems.stop(first, 10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aNodeThatStaysAwayIsTakenOut() throws Exception {
    ActorSystem<Void> first = start(0);
    try {
      join(first, first);
      ActorSystem<Void> second = start(0);
      try {
        join(second, first);
        await(first, 2);
      } finally {
        Systems.stop(second, 10, TimeUnit.SECONDS);
      }
      await(first, 1);
    } finally {
      Systems.stop(first, 10, TimeUnit.SECONDS);
    }
  }

  /** As when its process has ended: nobody has to wait until silence tells that it is gone. */
  @Test
  void aNodeAtTheAddressOfOneThatIsKnownToBeDeadIsLetInAtOnce() throws Exception {
    ActorSystem<Void> first = start(0, PATIENT);
    try {
      join(first, first);
      ActorSystem<Void> second = start(0, PATIENT);
      int port = port(second);
      try {
        join(second, first);
        await(first, 2);
        awaitHeartbeat(first, second);
      } finally {
        Systems.stop(second, 10, TimeUnit.SECONDS);
      }
      InformedFailureDetector.takeOut(first, second.address());
      await(first, 1);

      ActorSystem<Void> heir = start(port, PATIENT);
      try {
        join(heir, first);
        await(heir, 2);
        await(first, 2);
      } finally {
        Systems.stop(heir, 10, TimeUnit.SECONDS);
      }
    } finally {
      Systems.stop(first, 10, TimeUnit.SECONDS);
    }
  }

  private static ActorSystem<Void> start(int port) throws Exception {
    return start(port, ConfigFactory.empty());
  }

  private static ActorSystem<Void> start(int port, Config over) throws Exception {
    Config member = DivvySettings.from(ConfigFactory.empty()).pekko().member("127.0.0.1", port);
    Config all = over.withFallback(MORTAL).withFallback(member);
    return Systems.start(Behaviors.empty(), Systems.NODE, all);
  }

  private static int port(ActorSystem<?> system) {
    return system.address().getPort().orElseThrow();
  }

  private static void join(ActorSystem<?> system, ActorSystem<?> contact) {
    Cluster.get(system).manager().tell(Join.create(contact.address()));
  }

  private static List<Member> up(ActorSystem<?> system) {
    return StreamSupport.stream(
            Cluster.get(system).state().getMembers().spliterator(), /* parallel= */ false)
        .filter(member -> member.status().equals(MemberStatus.up()))
        .toList();
  }

  private static void await(ActorSystem<?> system, int members) {
    soon().untilAsserted(() -> assertThat(up(system)).hasSize(members));
  }

  /** Who has never answered is not watched yet. */
  private static void awaitHeartbeat(ActorSystem<?> system, ActorSystem<?> other) {
    FailureDetectorRegistry<Address> all =
        org.apache.pekko.cluster.Cluster.get(system).failureDetector();
    soon().until(() -> all.isMonitoring(other.address()));
  }

  private static void awaitUnreachable(ActorSystem<?> system) {
    soon().until(() -> !Cluster.get(system).state().getUnreachable().isEmpty());
  }

  private static ConditionFactory soon() {
    return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
  }
}
