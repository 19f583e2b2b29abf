package io.divvy.node.download.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.download.UnrulyServer;
import io.divvy.node.download.fetch.Target.Partial;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decisions that need no connection. */
class RulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void someAddressesAreNotPublic(String address) throws IOException {
    assertThat(Addresses.isPublic(InetAddress.getAllByName(address)[0])).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "192.169.1.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2001:4860:4860::8888",
        "2002:808:808::1",
        "64:ff9b::8.8.8.8"
      })
  void othersAre(String address) throws IOException {
    assertThat(Addresses.isPublic(InetAddress.getAllByName(address)[0])).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/a/b?c, d, http://h/a/d",
    "http://h/a/b?c, /d, http://h/d",
    "http://h/a/b?c, ?d=e, http://h/a/b?d=e",
    "http://h, d, http://h/d",
    "http://h/a, //i/b, http://i/b",
    "http://h/a, https://i:8/b#f, https://i:8/b",
    "http://h/a, http://u:p@i/b, http://i/b",
    "http://h/a, 'b c', http://h/b%20c",
    "http://h/a, b%zz%20, http://h/b%25zz%20",
    "http://h/a, 'b[1]', http://h/b%5B1%5D",
    "http://h/a, b\u00c3\u00a9, http://h/b%C3%A9"
  })
  void locationsAreReadGenerously(URI from, String location, URI to) throws IOException {
    assertThat(Redirects.next(from, location)).isEqualTo(to);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://h/a", "javascript:alert(1)", "http://", "http://h:0/", "a\u0007"})
  void someLocationsAreRefused(String location) {
    assertThatThrownBy(() -> Redirects.next(URI.create("http://h/a"), location))
        .isInstanceOf(Refusal.class);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 5-9/10, true",
    "Bytes 5-9/10, true",
    "bytes 5-8/10, false",
    "bytes 4-9/10, false",
    "bytes 5-9/*, false",
    "bytes 5-10/11, false",
    "bytes 9-5/10, false",
    "bytes */10, false",
    "items 5-9/10, false",
    "nonsense, false"
  })
  void aRangeHasToBeJustWhatIsMissing(String header, boolean fits) {
    Partial partial =
        new Partial(5, OptionalLong.of(10), UnrulyServer.TAG, URI.create("http://h/"));
    assertThat(ContentRange.parse(header).filter(range -> range.completes(partial)).isPresent())
        .isEqualTo(fits);
  }

  @Test
  void comingAgainIsAskedForInSecondsOrForAMoment() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    String moment = "Thu, 01 Jan 2026 00:02:00 GMT";
    assertThat(Dates.retryAfter("120", Optional.empty(), now)).contains(Duration.ofMinutes(2));
    assertThat(Dates.retryAfter(moment, Optional.empty(), now)).contains(Duration.ofMinutes(2));
    assertThat(Dates.retryAfter(moment, Optional.of(now.plusSeconds(90)), now))
        .contains(Duration.ofSeconds(30));
    assertThat(Dates.retryAfter(moment, Optional.empty(), now.plusSeconds(500)))
        .contains(Duration.ZERO);
    assertThat(Dates.retryAfter("-5", Optional.empty(), now)).isEmpty();
    assertThat(Dates.retryAfter("soon", Optional.empty(), now)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "attachment; filename=a.png, a.png",
    "'attachment; filename=\"a;b\\\"c.png\"', a;b\"c.png",
    "attachment; filename=x; filename*=UTF-8''n%C3%A4h.png, näh.png",
    "attachment; filename*=utf-8'en'a%20b, a b",
    "attachment; filename*=koi8-r''a; filename=b, b"
  })
  void aServerSuggestsAName(String header, String name) {
    assertThat(Disposition.fileName(header)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inline", "attachment; filename=\"\"", "", "filename"})
  void orNone(String header) {
    assertThat(Disposition.fileName(header)).isEmpty();
  }

  @Test
  void proxiesAreThoseOfTheEnvironment() {
    Proxies proxies =
        Proxies.from(
            Map.of(
                "HTTP_PROXY", "one:8080",
                "https_proxy", "http://two:3128/",
                "HTTPS_PROXY", "http://three:1",
                "no_proxy", "localhost, .inner.test,[::1]:80 other.test:81"));
    assertThat(through(proxies, "http://h/")).contains(URI.create("http://one:8080"));
    assertThat(through(proxies, "https://h/")).contains(URI.create("http://two:3128/"));
    assertThat(through(proxies, "http://localhost:7/")).isEmpty();
    assertThat(through(proxies, "http://a.inner.test/")).isEmpty();
    assertThat(through(proxies, "http://inner.test/")).isEmpty();
    assertThat(through(proxies, "http://winner.test/")).isPresent();
    assertThat(through(proxies, "http://[::1]/")).isEmpty();
    assertThat(through(proxies, "http://other.test:81/")).isEmpty();
    assertThat(through(proxies, "http://other.test/")).isPresent();
    assertThat(Proxies.from(Map.of())).isEqualTo(Proxies.NONE);
    assertThatThrownBy(() -> Proxies.from(Map.of("all_proxy", "socks5://me:secret@h:1")))
        .hasMessageContaining("all_proxy")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.1.2.128/25, 10.1.2.129, true",
    "10.1.2.128/25, 10.1.2.127, false",
    "10.1.2.3/32, 10.1.2.3, true",
    "10.1.2.3/32, 10.1.2.2, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "0.0.0.0/0, [::1], false",
    "0.0.0.0/0, name.test, false",
    "fd00::/8, [fdab::1], true",
    "fd00::/8, [fe00::1], false",
    "::/0, 1.2.3.4, false",
    "10.0.0.0/33, 10.0.0.1, false",
    "10.0.0.0/, 10.0.0.0, false",
    "10.0.0/8, 10.0.0.1, false",
    "name.test/8, name.test, false",
  })
  void noProxyKnowsBlocksOfAddresses(String entry, String host, boolean direct) {
    Proxies proxies = Proxies.from(Map.of("http_proxy", "http://one:1", "no_proxy", entry));
    assertThat(through(proxies, "http://" + host + ":81/").isEmpty()).isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org/, example.org:80",
    "http://EXAMPLE.org./a, example.org:80",
    "https://me:pw@example.org.:444/, example.org:444",
    "http://b\u00fccher.example/, xn--bcher-kva.example:80",
    "http://my_host./, my_host:80",
    "http://[::1]/, [0:0:0:0:0:0:0:1]:80",
    "http://[0:0:0:0:0:0:0:1]/, [0:0:0:0:0:0:0:1]:80",
    "http://[::0001]/, [0:0:0:0:0:0:0:1]:80",
    "http://[2001:DB8::1.2.3.4]/, [2001:db8:0:0:0:0:102:304]:80",
    "http://[::ffff:127.0.0.1]:81/, 127.0.0.1:81",
    "http://[::ffff:7f00:1]:81/, 127.0.0.1:81",
    "http://127.0.0.1.:81/, 127.0.0.1:81",
    "http://127.1:81/, 127.0.0.1:81",
    "http://2130706433:81/, 127.0.0.1:81",
    "http://1.2.3.4.5/, 1.2.3.4.5:80",
    "http://1.2.3.256/, 1.2.3.256:80",
  })
  void allSpellingsOfAHostAreOnePlace(URI url, String place) {
    assertThat(Origin.of(url).place()).isEqualTo(place);
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, http://example.org./",
    "example.org., http://www.example.org/",
    "0:0:0:0:0:0:0:1, http://[::1]/",
    "[::0001]:81, http://[::1]:81/",
    "10.0.0.0/8, http://[::ffff:10.0.0.1]/",
  })
  void noProxyKnowsHostsByAllTheirSpellings(String entry, String url) {
    Proxies proxies = Proxies.from(Map.of("http_proxy", "http://one:1", "no_proxy", entry));
    assertThat(through(proxies, url)).isEmpty();
  }

  private static Optional<URI> through(Proxies proxies, String url) {
    return proxies.of(Origin.of(URI.create(url)));
  }

  @Test
  void headersOfTheUserBreakNothing() {
    assertThat(RequestHeader.parse("X-A:  b ")).isEqualTo(new RequestHeader("X-A", "b"));
    for (String wrong :
        new String[] {"X", ": a", "X Y: a", "X: a\r\nB: c", "Host: a", "range: 1"}) {
      assertThatThrownBy(() -> RequestHeader.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void textOfOthersIsOneShortLine() {
    assertThat(Texts.clean("a\u001b[1m\r\n\u202eb\ud800")).isEqualTo("a?[1m???b?");
    assertThat(Texts.clean("x".repeat(1000))).hasSize(201).endsWith("…");
  }

  @Test
  void aFileOfSeveralPackedPartsIsUnpackedToItsEnd() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.writeBytes(UnrulyServer.gzip(UnrulyServer.content(5000)));
    packed.writeBytes(UnrulyServer.gzip(UnrulyServer.content(70)));
    InputStream slow = new Slow(packed.toByteArray(), Integer.MAX_VALUE);
    assertThat(Coding.GZIP.undone(slow).readAllBytes()).hasSize(5070);
  }

  @Test
  void aConnectionThatBreaksBetweenPackedPartsIsNoEnd() throws IOException {
    byte[] first = UnrulyServer.gzip(UnrulyServer.content(50));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.writeBytes(first);
    packed.writeBytes(UnrulyServer.gzip(UnrulyServer.content(70)));
    InputStream broken = new Slow(packed.toByteArray(), first.length + 5);
    assertThatThrownBy(() -> Coding.GZIP.undone(broken).readAllBytes()).hasMessage("broken");
  }

  /** Has one byte at a time and nothing available, and breaks somewhere. */
  private static final class Slow extends FilterInputStream {
    private int left;

    Slow(byte[] bytes, int left) {
      super(new ByteArrayInputStream(bytes));
      this.left = left;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (left-- == 0) {
        left = 0;
        throw new IOException("broken");
      }
      return super.read(bytes, from, Math.min(1, count));
    }

    @Override
    public int available() {
      return 0;
    }
  }
}
