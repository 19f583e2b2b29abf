package io.divvy.node.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 25710, 127.0.0.1:25710",
    "pi-3.local:80, pi-3.local, 80, pi-3.local:80",
    "[::1], ::1, 25710, [::1]:25710",
    "[fe80::1%eth0]:65535, fe80::1%eth0, 65535, [fe80::1%eth0]:65535",
  })
  void aHostIsRead(String text, String host, int port, String written) throws Exception {
    HostPort address = HostPort.parse(text, 25710);
    assertThat(address).isEqualTo(new HostPort(host, port)).hasToString(written);
    assertThat(HostPort.parse(written, 1)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 127.0.0.1:80",
    "127.0.0.1, 127.0.0.1:80",
    "[::1], [::1]:80",
    "no-such-host.invalid, no-such-host.invalid:80",
  })
  void everyNameOfAHostLeadsToItsAddress(String host, String place) throws Exception {
    assertThat(HostPort.parse(host + ":80", 25710).numeric()).hasToString(place);
  }

  @ParameterizedTest
  @CsvSource({"localhost, 127.0.0.1", "::1, [::1]", "[::1], [::1]"})
  void anAddressCanStandBeforeAPort(String host, String address) {
    assertThat(HostPort.address(host)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1:notaport | the port must be a number from 1 to 65535, got 'notaport'",
        "127.0.0.1:0 | the port must be a number from 1 to 65535, got '0'",
        "127.0.0.1:70000 | the port must be a number from 1 to 65535, got '70000'",
        "127.0.0.1:-1 | the port must be a number from 1 to 65535, got '-1'",
        "127.0.0.1: | the port must be a number from 1 to 65535, got ''",
        "[::1]x80 | write a colon before the port, for example [::1]:25710",
        "'' | the host is missing; write for example 127.0.0.1:25710",
        ":80 | the host is missing; write for example 127.0.0.1:25710",
        "a b:80 | no host can be named 'a b'",
        "::1 | write an IPv6 address in brackets, for example [::1]:25710",
        "[::1 | in brackets stands an IPv6 address, for example [::1]:25710",
        "[pi]:80 | in brackets stands an IPv6 address, for example [::1]:25710",
      })
  void whatIsNoAddressIsExplained(String text, String why) {
    assertThatThrownBy(() -> HostPort.parse(text, 25710))
        .isInstanceOf(UsageException.class)
        .hasMessage("'" + text + "' is no HOST[:PORT]: " + why);
  }
}
