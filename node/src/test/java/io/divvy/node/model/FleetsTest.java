package io.divvy.node.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.divvy.config.DivvySettings;
import io.divvy.node.boot.Systems;
import io.divvy.node.input.HostPort;
import io.divvy.node.member.NodeActors;
import io.divvy.node.member.NodeFacts;
import io.divvy.node.model.Fleet.UnreachableException;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToScout;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class FleetsTest {
  private static final DivvySettings SETTINGS = DivvySettings.from(ConfigFactory.empty());
  private static final Fleets FLEETS =
      new Fleets(
          SETTINGS,
          new NodeFacts("0", "here", 2, Map.of()),
          new NodeActors(node -> Behaviors.empty(), node -> Behaviors.empty()),
          (run, download) -> {
            throw new IOException("nothing is fetched here");
          },
          List.of());

  @Test
  void aNodeIsReachedByEveryNameOfItsHost() throws Exception {
    ActorSystem<Void> node =
        Systems.start(node(), Systems.NODE, SETTINGS.pekko().child("127.0.0.1"));
    int port = node.address().getPort().orElseThrow();
    try (Fleet fleet = FLEETS.start(Model.CLUSTER, joining("localhost", port))) {
      assertThat(fleet.startSeconds()).isPositive();
    } finally {
      Systems.stop(node, 5, TimeUnit.SECONDS);
    }
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    assertThatThrownBy(() -> FLEETS.start(Model.CLUSTER, joining("no-such-host.invalid", 25710)))
        .isInstanceOf(UnreachableException.class)
        .hasMessageStartingWith(
            "no node reached at no-such-host.invalid:25710: nobody knows that host; ");
  }

  private static Workforce joining(String host, int port) {
    return new Workforce(
        OptionalInt.empty(),
        OptionalInt.empty(),
        List.of(new HostPort(host, port)),
        Optional.empty(),
        Optional.empty());
  }

  /** A node that only says that it is there. */
  private static Behavior<Void> node() {
    return Behaviors.setup(
        context -> {
          String address = Systems.address(context.getSystem());
          NodeInfo info = new NodeInfo("n1", address, 4711, 2, "here", 2, 0, "0", Map.of());
          context.spawn(agent(info), "agent");
          return Behaviors.empty();
        });
  }

  private static Behavior<ToAgent> agent(NodeInfo info) {
    return Behaviors.setup(
        context ->
            Behaviors.receive(ToAgent.class)
                .onMessage(
                    ToAgent.Hello.class,
                    hello -> {
                      hello
                          .replyTo()
                          .tell(new ToScout.Here(info, context.getSelf(), null, List.of()));
                      return Behaviors.same();
                    })
                .build());
  }
}
