package io.divvy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SerializationTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString(
                  """
                  pekko.actor.allow-java-serialization = off
                  pekko.actor.serialization-bindings {
                    "io.divvy.protocol.WireMessage" = jackson-cbor
                  }
                  """)
              .withFallback(ConfigFactory.load()));

  private static final List<WireMessage> SAMPLES =
      Samples.of(
          KIT.createTestProbe(ToScout.class).ref(),
          KIT.createTestProbe(ToAgent.class).ref(),
          KIT.createTestProbe(ToWorker.class).ref(),
          KIT.createTestProbe(ToCoordinator.class).ref(),
          KIT.createTestProbe(ToTransfers.class).ref(),
          KIT.createTestProbe(ToDownload.class).ref());

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  static List<WireMessage> samples() {
    return SAMPLES;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyMessageArrivesAsItWasSent(WireMessage message) {
    WireMessage arrived = KIT.serializationTestKit().verifySerialization(message, false);
    assertThat(arrived)
        .usingRecursiveComparison()
        .withEqualsForFields(
            Object::equals, "replyTo", "worker", "coordinator", "agent", "transfers")
        .isEqualTo(message);
  }

  @Test
  void aNodeWithoutTransfersArrivesAsOne() {
    for (WireMessage message : SAMPLES) {
      if (message instanceof ToScout.Here here) {
        ToScout.Here without = new ToScout.Here(here.node(), here.agent(), null, here.peers());
        assertThat(KIT.serializationTestKit().verifySerialization(without, false))
            .isEqualTo(without);
      }
    }
  }

  @Test
  void everyMessageHasASample() {
    assertThat(SAMPLES.stream().map(Object::getClass).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    ToAgent.class,
                    ToScout.class,
                    ToWorker.class,
                    ToCoordinator.class,
                    ToTransfers.class,
                    ToDownload.class)
                .flatMap(direction -> Stream.of(direction.getPermittedSubclasses()))
                .filter(WireMessage.class::isAssignableFrom)
                .<Class<?>>map(message -> message)
                .toList());
  }
}
