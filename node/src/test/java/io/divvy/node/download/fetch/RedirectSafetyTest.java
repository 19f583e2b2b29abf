package io.divvy.node.download.fetch;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.node.download.UnrulyServer;
import io.divvy.node.download.fetch.Outcome.Broken;
import io.divvy.node.download.fetch.Outcome.Fetched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a public address there is no way inwards. Here 127.0.0.2 counts as public. */
@Timeout(60)
class RedirectSafetyTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final FetchSettings SETTINGS =
      FetchSettings.standard("Divvy/test").withLimits(LONG, LONG, LONG);

  private final Map<String, String> addresses =
      Map.of("public.test", "127.0.0.2", "private.test", "127.0.0.1");
  private final MemoryTarget target = new MemoryTarget();
  private UnrulyServer outer;
  private UnrulyServer inner;
  private HttpFetcher fetcher;

  @BeforeEach
  void start() throws IOException {
    outer = new UnrulyServer(new ServerSocket(0, 50, InetAddress.getAllByName("127.0.0.2")[0]));
    inner = new UnrulyServer();
    fetcher = fetcher(SETTINGS, this::address);
  }

  @AfterEach
  void stop() throws IOException {
    fetcher.close();
    outer.close();
    inner.close();
  }

  @Test
  void fromPublicToPrivateIsRefusedAndNeverAsked() {
    refused(outer.url("/redirect/302?" + inner.url("/plain/10")));
    refused(outer.url("/redirect/302?http://private.test:" + inner.port() + "/plain/10"));
    assertThat(inner.connections()).isZero();
  }

  @Test
  void aNameThatMeansAnotherAddressTheSecondTimeIsFoundOut() {
    AtomicInteger asked = new AtomicInteger();
    fetcher.close();
    fetcher =
        fetcher(
            SETTINGS,
            host -> address(asked.getAndIncrement() == 0 ? "public.test" : "private.test"));
    URI first = URI.create("http://rebinding.test:" + outer.port() + "/redirect/302?");
    refused(first.resolve("/redirect/302?http://rebinding.test:" + inner.port() + "/plain/10"));
    assertThat(inner.connections()).isZero();
  }

  @Test
  void aConnectionThatIsKeptToAPrivateAddressIsNotUsed() {
    URI direct = URI.create("http://private.test:" + inner.port() + "/plain/10");
    assertThat(fetch(direct)).isInstanceOf(Fetched.class);
    refused(outer.url("/redirect/302?" + direct));
    assertThat(inner.requests("/plain/10")).isEqualTo(1);
  }

  @Test
  void fromPrivateAnywhereAndFromPublicToPublicIsFine() {
    assertThat(fetch(inner.url("/redirect/302?" + inner.url("/plain/10"))))
        .isInstanceOf(Fetched.class);
    assertThat(fetch(inner.url("/redirect/302?" + outer.url("/plain/10"))))
        .isInstanceOf(Fetched.class);
    assertThat(fetch(outer.url("/redirect/302?http://public.test:" + outer.port() + "/plain/10")))
        .isInstanceOf(Fetched.class);
  }

  @Test
  void aProxyIsAskedInsteadOfTheHost() throws IOException {
    fetcher.close();
    inner.on("", (request, wire) -> wire.say("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"));
    fetcher =
        fetcher(
            SETTINGS.withProxies(
                Proxies.from(Map.of("http_proxy", "http://me:pw@127.0.0.1:" + inner.port()))),
            this::address);
    assertThat(fetch(URI.create("http://nowhere.test/a?b"))).isInstanceOf(Fetched.class);
    assertThat(inner.last().path()).isEqualTo("http://nowhere.test/a?b");
    assertThat(inner.last().header("Proxy-Authorization")).contains("Basic bWU6cHc=");
  }

  @Test
  void aNameThatNobodyKnowsIsToldAsThat() {
    Broken broken = (Broken) fetch(URI.create("http://unknown.test/"));
    assertThat(broken.cause()).isEqualTo(Cause.NAME_NOT_RESOLVED);
    assertThat(broken.text()).isEqualTo("name not resolved: unknown.test");
  }

  @Test
  void aLookupThatHangsHasALimit() {
    CountDownLatch never = new CountDownLatch(1);
    fetcher.close();
    fetcher =
        fetcher(
            SETTINGS.withLimits(Duration.ofMillis(200), LONG, LONG),
            host -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new UnknownHostException(host);
              }
              return new InetAddress[0];
            });
    assertThat(((Broken) fetch(URI.create("http://public.test/"))).cause())
        .isEqualTo(Cause.NAME_NOT_RESOLVED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://private.test./next",
        "http://PRIVATE.test/next",
        "http://private.test/next",
      })
  void anotherSpellingOfAHostHasTheSameConnectionAndTheHeaderOfItsOwn(String spelled) {
    URI next = URI.create(spelled.replace("/next", ":" + inner.port() + "/plain/10"));
    URI first = URI.create("http://private.test:" + inner.port() + "/redirect/302?" + next);
    Passage nowhere =
        host -> {
          throw new AssertionError("sent on to " + host);
        };
    assertThat(fetcher.fetch(first, target, new Cancellation(), nowhere))
        .isInstanceOf(Fetched.class);
    assertThat(inner.connections()).isEqualTo(1);
    assertThat(inner.last().header("Host")).contains(next.getRawAuthority().toLowerCase(ROOT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"my_host.test", "127.0.0.1.", "127.1"})
  void theServerIsToldThePortAlsoWhereTheJdkSeesNone(String host) {
    String place = host + ":" + inner.port();
    fetcher.close();
    fetcher = fetcher(SETTINGS, name -> address("private.test"));
    assertThat(fetch(URI.create("http://" + place + "/plain/10"))).isInstanceOf(Fetched.class);
    assertThat(inner.last().header("Host")).contains(place);
  }

  @Test
  void aNameIsLookedUpAsItIsWritten() {
    List<String> asked = new CopyOnWriteArrayList<>();
    fetcher.close();
    fetcher =
        fetcher(
            SETTINGS,
            host -> {
              asked.add(host);
              return address("private.test");
            });
    for (String name : List.of("a.test.", "b.test", "localhost.")) {
      fetch(URI.create("http://" + name + ":" + inner.port() + "/plain/10"));
    }
    assertThat(asked).containsExactly("a.test.", "b.test", "localhost");
  }

  @Test
  void aProxyIsToldNoInwardNameInDisguise() throws IOException {
    fetcher.close();
    inner.on("", (request, wire) -> UnrulyServer.moved(wire, 302, "http://localhost./b"));
    fetcher =
        fetcher(
            SETTINGS.withProxies(
                Proxies.from(Map.of("http_proxy", "http://127.0.0.1:" + inner.port()))),
            this::address);
    refused(URI.create("http://nowhere.test/a"));
  }

  private void refused(URI url) {
    Outcome outcome = fetch(url);
    assertThat(outcome).isInstanceOf(Broken.class);
    assertThat(((Broken) outcome).cause()).isEqualTo(Cause.REDIRECT_REFUSED);
    assertThat(((Broken) outcome).retryable()).isFalse();
  }

  private Outcome fetch(URI url) {
    return fetcher.fetch(url, target, new Cancellation(), host -> {});
  }

  private InetAddress[] address(String host) throws UnknownHostException {
    String address =
        host.matches("[0-9.]+")
            ? host
            : Optional.ofNullable(addresses.get(host))
                .orElseThrow(() -> new UnknownHostException(host));
    return InetAddress.getAllByName(address);
  }

  private static HttpFetcher fetcher(FetchSettings settings, HostNames.Lookup lookup) {
    return new HttpFetcher(
        settings, lookup, address -> address.getHostAddress().equals("127.0.0.2"));
  }
}
