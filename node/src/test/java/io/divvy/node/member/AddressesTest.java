package io.divvy.node.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AddressesTest {

  @Test
  void anAddressIsHostAndPort() {
    assertThat(Addresses.host("127.0.0.1:4711")).isEqualTo("127.0.0.1");
    assertThat(Addresses.port("[::1]:4711")).isEqualTo(4711);
  }

  @Test
  void onlyLoopbackAddressesAreThisMachineAlone() {
    assertThat(Addresses.isLoopback("127.0.0.1")).isTrue();
    assertThat(Addresses.isLoopback("127.8.9.1")).isTrue();
    assertThat(Addresses.isLoopback("10.0.0.5")).isFalse();
    assertThat(Addresses.isLoopback("0.0.0.0")).isFalse();
  }

  @Test
  void aNodeCannotBeEverywhereNorElsewhere() {
    assertThat(Addresses.wrong("127.0.0.1")).isEmpty();
    assertThat(Addresses.wrong("0.0.0.0").orElseThrow()).contains("no address that others reach");
    assertThat(Addresses.wrong("203.0.113.7").orElseThrow()).contains("no address of this machine");
  }

  @Test
  void aPortAnswersOrRefuses() throws IOException {
    int port;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
      assertThat(Addresses.contact("127.0.0.1:" + port, Duration.ofSeconds(5)))
          .isEqualTo(Joining.Contact.ANSWERS);
      assertThat(Addresses.isFree("127.0.0.1", port)).isFalse();
    }
    assertThat(Addresses.contact("127.0.0.1:" + port, Duration.ofSeconds(5)))
        .isEqualTo(Joining.Contact.REFUSED);
    assertThat(Addresses.isFree("127.0.0.1", port)).isTrue();
  }
}
