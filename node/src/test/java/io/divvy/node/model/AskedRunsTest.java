package io.divvy.node.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.divvy.config.DivvySettings;
import io.divvy.node.boot.Systems;
import io.divvy.node.input.HostPort;
import io.divvy.node.model.ClusterRuns.Led;
import io.divvy.node.model.Fleet.UnreachableException;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToScout;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class AskedRunsTest {
  private static final DivvySettings SETTINGS = DivvySettings.from(ConfigFactory.empty());
  private static final RunKey RUN = new RunKey("00ff77", 2);

  private final AtomicInteger heardCancels = new AtomicInteger();

  @Test
  void aRunThatOnlyAnotherNodeWorksForIsFoundAndCancelledThere() throws Exception {
    ActorSystem<Void> working = start(List.of(), true);
    ActorSystem<Void> idle = start(List.of(Systems.address(working), "127.0.0.1:1"), false);
    int port = idle.address().getPort().orElseThrow();
    try (ClusterRuns runs =
        AskedRuns.at(List.of(new HostPort("localhost", port)), Optional.empty(), SETTINGS)) {
      assertThat(runs.led("00fe")).isEmpty();
      Led led = new Led(RUN.run(), "sum 0..9", "127.0.0.1:2");
      assertThat(runs.led("00ff")).containsExactly(led);
      assertThat(runs.cancel(led)).isTrue();
      assertThat(heardCancels).hasValue(2); // the first was not heeded
      assertThat(runs.led("")).isEmpty();
    } finally {
      Systems.stop(idle, 5, TimeUnit.SECONDS);
      Systems.stop(working, 5, TimeUnit.SECONDS);
    }
  }

  @Test
  void anAddressWhereNobodyListensIsNamed() throws Exception {
    int free;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = probe.getLocalPort();
    }
    assertThatThrownBy(
            () ->
                AskedRuns.at(List.of(new HostPort("127.0.0.1", free)), Optional.empty(), SETTINGS))
        .isInstanceOf(UnreachableException.class)
        .hasMessageStartingWith("no node reached at 127.0.0.1:" + free + ": ");
  }

  private ActorSystem<Void> start(List<String> peers, boolean works) throws Exception {
    return Systems.start(
        Behaviors.setup(
            context -> {
              String address = Systems.address(context.getSystem());
              context.spawn(agent(address, peers, works), "agent");
              return Behaviors.empty();
            }),
        Systems.NODE,
        SETTINGS.pekko().child("127.0.0.1"));
  }

  /** A node that works for a run until it has been told twice to cancel it, or for none. */
  private Behavior<ToAgent> agent(String address, List<String> peers, boolean works) {
    return Behaviors.receive(ToAgent.class)
        .onMessage(
            ToAgent.AskRuns.class,
            ask -> {
              boolean named =
                  works && heardCancels.get() < 2 && RUN.run().startsWith(ask.beginning());
              List<ToScout.Run> runs =
                  named ? List.of(new ToScout.Run(RUN, "sum 0..9", "127.0.0.1:2")) : List.of();
              ask.replyTo().tell(new ToScout.UnderWay(ask.beginning(), address, peers, runs, 0));
              return Behaviors.same();
            })
        .onMessage(
            ToAgent.Cancel.class,
            cancel -> {
              heardCancels.incrementAndGet();
              return Behaviors.same();
            })
        .build();
  }
}
