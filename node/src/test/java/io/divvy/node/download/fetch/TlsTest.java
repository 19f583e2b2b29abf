package io.divvy.node.download.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.download.Certificates;
import io.divvy.node.download.UnrulyServer;
import io.divvy.node.download.fetch.Outcome.Broken;
import io.divvy.node.download.fetch.Outcome.Fetched;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a server has to be. */
@Timeout(60)
class TlsTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final FetchSettings SETTINGS =
      FetchSettings.standard("Divvy/test").withLimits(LONG, LONG, LONG);

  @TempDir static Path folder;

  private static Certificates certificates;
  private static UnrulyServer server;

  @BeforeAll
  static void start() throws Exception {
    certificates = Certificates.make(folder, "127.0.0.1");
    server = new UnrulyServer(certificates.context());
    server.on(
        "cut",
        (request, wire) -> {
          wire.say("HTTP/1.1 200 OK\n\nhalf of");
          wire.cut();
        });
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void whoCannotBeVerifiedIsNotAsked() {
    Broken broken = (Broken) fetch(SETTINGS, server.url("/plain/6"));
    assertThat(broken.cause()).isEqualTo(Cause.TLS_NOT_VERIFIED);
    assertThat(broken.retryable()).isFalse();
    assertThat(server.requests("/plain/6")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain/100000", "/chunked/100000", "/unending/100000", "/empty"})
  void aCertificateOfTheUserIsTrusted(String path) {
    assertThat(fetch(trusting(), server.url(path))).isInstanceOf(Fetched.class);
  }

  @Test
  void aCertificateIsForItsNameAlone() {
    URI url = URI.create("https://localhost:" + server.port() + "/plain/5");
    assertThat(((Broken) fetch(trusting(), url)).cause()).isEqualTo(Cause.TLS_NOT_VERIFIED);
  }

  @Test
  void aDotAtTheEndIsNoPartOfTheNameThatIsVerified() {
    URI url = URI.create("https://127.0.0.1.:" + server.port() + "/plain/5");
    assertThat(fetch(trusting(), url)).isInstanceOf(Fetched.class);
  }

  @Test
  void aBodyWithoutLengthThatIsCutIsTooShort() {
    assertThat(((Broken) fetch(trusting(), server.url("/cut"))).cause())
        .isEqualTo(Cause.BODY_TOO_SHORT);
  }

  @Test
  void thereIsNoWayFromHttpsToHttp() throws IOException {
    try (UnrulyServer plain = new UnrulyServer()) {
      URI url = server.url("/redirect/301?" + plain.url("/plain/5"));
      assertThat(((Broken) fetch(trusting(), url)).cause()).isEqualTo(Cause.REDIRECT_REFUSED);
      assertThat(fetch(trusting(), plain.url("/redirect/301?" + server.url("/plain/5"))))
          .isInstanceOf(Fetched.class);
    }
  }

  @Test
  void aServerThatSpeaksNoTlsFails() throws IOException {
    try (UnrulyServer plain = new UnrulyServer()) {
      URI url = URI.create(plain.url("/plain/5").toString().replace("http:", "https:"));
      FetchSettings hasty = trusting().withLimits(Duration.ofMillis(500), LONG, LONG);
      assertThat(((Broken) fetch(hasty, url)).cause())
          .isIn(Cause.TLS_FAILED, Cause.CONNECT_TIMEOUT, Cause.CONNECTION_RESET);
    }
  }

  @Test
  void aProxyIsAskedForATunnel() throws IOException {
    try (UnrulyServer proxy = new UnrulyServer()) {
      FetchSettings settings =
          trusting()
              .withProxies(
                  Proxies.from(Map.of("https_proxy", "http://me:pw@127.0.0.1:" + proxy.port())));
      Broken broken = (Broken) fetch(settings, URI.create("https://nowhere.test/x"));
      assertThat(broken.httpStatus()).isEqualTo(404);
      assertThat(proxy.last().path()).isEqualTo("nowhere.test:443");
      assertThat(proxy.last().header("Proxy-Authorization")).contains("Basic bWU6cHc=");
    }
  }

  @Test
  void aFileWithoutCertificatesIsToldBeforehand() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatThrownBy(() -> new HttpFetcher(SETTINGS.withCa(empty)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no certificates");
    assertThatThrownBy(() -> new HttpFetcher(SETTINGS.withCa(folder.resolve("none.pem"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot read");
  }

  private static FetchSettings trusting() {
    return SETTINGS.withCa(certificates.pem());
  }

  private static Outcome fetch(FetchSettings settings, URI url) {
    try (HttpFetcher fetcher = new HttpFetcher(settings)) {
      return fetcher.fetch(url, new MemoryTarget(), new Cancellation(), host -> {});
    }
  }
}
