package io.divvy.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import io.divvy.config.DivvySettings;
import io.divvy.config.PekkoConfig;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToScout;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class SystemsTest {
  private static final PekkoConfig PEKKO = DivvySettings.from(ConfigFactory.empty()).pekko();
  private static final NodeInfo INFO =
      new NodeInfo("n1", "127.0.0.1:1", 4711, 2, "m", 2, 0, "0.1.0", Map.of("sum", "f"));

  @Test
  void aSystemForThreadsHasNoAddress() throws Exception {
    ActorSystem<Void> system = Systems.start(Behaviors.empty(), Systems.COMMAND, PEKKO.local());
    try {
      assertThat(Systems.address(system)).isEmpty();
    } finally {
      Systems.stop(system, 5, TimeUnit.SECONDS);
    }
    assertThat(system.getWhenTerminated().toCompletableFuture()).isDone();
  }

  @Test
  void whoIsInterruptedMeanwhileHearsNothingElse() {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(
              () -> Systems.start(Behaviors.<Void>empty(), Systems.COMMAND, PEKKO.local()))
          .isInstanceOf(InterruptedException.class);
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void anAddressThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Systems.CannotStart thrown =
          catchThrowableOfType(
              Systems.CannotStart.class,
              () ->
                  Systems.start(
                      Behaviors.<Void>empty(),
                      Systems.NODE,
                      PEKKO.member("127.0.0.1", taken.getLocalPort())));
      assertThat(thrown.portTaken()).isTrue();
      assertThat(thrown).hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void aCommandAndAChildTalkByAddress() throws Exception {
    ActorSystem<ToAgent> child = Systems.start(agent(), Systems.NODE, PEKKO.child("127.0.0.1"));
    ActorTestKit command = ActorTestKit.create(Systems.COMMAND, PEKKO.command("127.0.0.1"));
    try {
      String path = "pekko://divvy@" + Systems.address(child) + "/user";
      ActorRef<ToAgent> agent = ActorRefResolver.get(command.system()).resolveActorRef(path);
      TestProbe<ToScout> scout = command.createTestProbe();
      agent.tell(new ToAgent.Hello(scout.ref()));
      ToScout.Here here = scout.expectMessageClass(ToScout.Here.class);
      assertThat(here.node()).isEqualTo(INFO);
      assertThat(here.agent()).isEqualTo(agent);
      assertThat(here.peers()).containsExactly("127.0.0.1:1");
    } finally {
      command.shutdownTestKit();
      Systems.stop(child, 5, TimeUnit.SECONDS);
    }
  }

  private static Behavior<ToAgent> agent() {
    return Behaviors.setup(
        context ->
            Behaviors.receive(ToAgent.class)
                .onMessage(
                    ToAgent.Hello.class,
                    hello -> {
                      List<String> peers = List.of("127.0.0.1:1");
                      hello.replyTo().tell(new ToScout.Here(INFO, context.getSelf(), null, peers));
                      return Behaviors.same();
                    })
                .build());
  }
}
