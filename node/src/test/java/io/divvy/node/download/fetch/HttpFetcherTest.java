package io.divvy.node.download.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.node.download.UnrulyServer;
import io.divvy.node.download.fetch.Outcome.Broken;
import io.divvy.node.download.fetch.Outcome.Fetched;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetching from a server that misbehaves. */
@Timeout(60)
class HttpFetcherTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final FetchSettings SETTINGS =
      FetchSettings.standard("Divvy/test").withLimits(LONG, LONG, LONG);

  private UnrulyServer server;
  private HttpFetcher fetcher;
  private MemoryTarget target;

  @BeforeEach
  void start() throws IOException {
    server = new UnrulyServer();
    fetcher = new HttpFetcher(SETTINGS);
    target = new MemoryTarget();
  }

  @AfterEach
  void stop() throws IOException {
    fetcher.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/plain/1000",
        "/plain/1",
        "/plain/20000000",
        "/chunked/100000",
        "/chunked/0",
        "/unending/100000",
        "/gzip/300000",
        "/gzip/0",
        "/deflate/300000",
        "/resumable/5000",
        "/plain/7/a%20b?x=%2F&y=//"
      })
  void whatTheServerMeansIsStored(String path) {
    Outcome outcome = fetch(path);
    int size = new UnrulyServer.Request(path, Map.of(), 1).size();
    assertThat(outcome).isInstanceOf(Fetched.class);
    assertThat(((Fetched) outcome).bytes()).isEqualTo(size);
    assertThat(target.bytes()).isEqualTo(UnrulyServer.content(size));
    assertThat(server.last().path()).isEqualTo(path);
  }

  @Test
  void anEmptyFileIsAFile() {
    assertThat(fetch("/empty")).isInstanceOf(Fetched.class);
    assertThat(target.begun()).isEqualTo(1);
    assertThat(target.bytes()).isEmpty();
  }

  @Test
  void aPackedFileStaysPackedWhenItsNameAsksForThat() {
    assertThat(fetch("/gzip/1000/a.tar.gz?x")).isInstanceOf(Fetched.class);
    assertThat(target.bytes()).isEqualTo(UnrulyServer.gzip(UnrulyServer.content(1000)));
  }

  @ParameterizedTest
  @CsvSource({
    "/brotli, BAD_ENCODING",
    "/short, BODY_TOO_SHORT",
    "/long, BODY_TOO_LONG",
    "/negative-chunk, BAD_FRAMING",
    "/signed-chunk, BAD_FRAMING",
    "/garbage-chunk, BAD_FRAMING",
    "/overrun-chunk, BAD_FRAMING",
    "/huge-chunk, BAD_FRAMING",
    "/cut-chunks, BODY_TOO_SHORT",
    "/both-lengths, BAD_FRAMING",
    "/two-lengths, BAD_FRAMING",
    "/negative-length, BAD_FRAMING",
    "/bad-status, BAD_ANSWER",
    "/no-status, BAD_ANSWER",
    "/half-headers, CLOSED_WITHOUT_ANSWER",
    "/silent, CLOSED_WITHOUT_ANSWER",
    "/absurd-line, BAD_ANSWER",
    "/absurd-count, BAD_ANSWER",
    "/endless-headers, BAD_ANSWER",
    "/loop, REDIRECT_LOOP",
    "/further/0, TOO_MANY_REDIRECTS",
    "/redirect/302?ftp://127.0.0.1/x, REDIRECT_REFUSED",
    "/redirect/302?file:///etc/passwd, REDIRECT_REFUSED",
    "/redirect/302?http:///x, REDIRECT_REFUSED",
    "/status/404, HTTP_STATUS",
    "/status/206, HTTP_STATUS",
    "/reset, CONNECTION_RESET",
  })
  void whatBreaksTheRulesIsNoFile(String path, Cause cause) {
    assertThat(broken(path).cause()).isEqualTo(cause);
  }

  @ParameterizedTest
  @CsvSource({
    "/stalled-headers, STALLED",
    "/stalled-body, STALLED",
  })
  void noByteForTooLongIsAStall(String path, Cause cause) {
    fetcher = new HttpFetcher(SETTINGS.withLimits(LONG, SHORT, LONG));
    assertThat(broken(path).cause()).isEqualTo(cause);
    assertThat(broken(path).retryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dripping", "/stalled-body", "/stalled-headers", "/endless"})
  void aFileHasALimitInAll(String path) {
    server.drippingEvery(20);
    fetcher = new HttpFetcher(SETTINGS.withLimits(LONG, LONG, SHORT));
    assertThat(broken(path).cause()).isEqualTo(Cause.TOOK_TOO_LONG);
    Awaitility.await().until(() -> server.connectionsNow() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/endless", "/plain/100001", "/gzip/1000000", "/unending/100001"})
  void aFileHasALargestSize(String path) {
    fetcher = new HttpFetcher(SETTINGS.withMaxFileSize(100_000));
    assertThat(broken(path).cause()).isEqualTo(Cause.TOO_LARGE);
    assertThat(target.bytes().length).isLessThanOrEqualTo(100_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectsAreFollowed(int status) {
    Outcome outcome = fetch("/redirect/" + status + "?/plain/10");
    assertThat(outcome.finalUrl()).isEqualTo(server.url("/plain/10"));
    assertThat(target.bytes()).isEqualTo(UnrulyServer.content(10));
    assertThat(server.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "404, false",
    "403, false",
    "410, false",
    "501, false",
    "408, true",
    "425, true",
    "429, true",
    "500, true",
    "502, true",
    "503, true",
    "504, true"
  })
  void someStatusesMayPass(int status, boolean retryable) {
    Broken broken = broken("/status/" + status);
    assertThat(broken.retryable()).isEqualTo(retryable);
    assertThat(broken.httpStatus()).isEqualTo(status);
    assertThat(broken.text()).isEqualTo(status + " So");
  }

  @Test
  void theServerSaysWhenToComeAgain() {
    assertThat(broken("/busy").retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void whatTheServerWritesIsHarmlessToATerminal() {
    assertThat(broken("/escapes").text()).isEqualTo("404 ?[31mred?");
  }

  @Test
  void aBrokenTransferGoesOn() {
    assertThat(broken("/reset/100000").retryable()).isTrue();
    assertThat(target.bytes().length).isPositive().isLessThan(100_000);
    Outcome outcome = fetch("/reset/100000");
    assertThat(((Fetched) outcome).bytes()).isEqualTo(100_000);
    assertThat(outcome.httpStatus()).isEqualTo(206);
    assertThat(target.bytes()).isEqualTo(UnrulyServer.content(100_000));
    assertThat(target.resumed()).isEqualTo(1);
    assertThat(server.last().header("If-Range")).contains(UnrulyServer.TAG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/changed/100000", "/range-ignored/100000", "/wrong-range/100000"})
  void whatDoesNotFitStartsOver(String path) {
    assertThat(broken(path).retryable()).isTrue();
    assertThat(fetch(path)).isInstanceOf(Fetched.class);
    assertThat(target.bytes()).isEqualTo(UnrulyServer.content(100_000));
    assertThat(target.resumed()).isZero();
    assertThat(target.begun()).isEqualTo(2);
  }

  @Test
  void connectionsAreUsedAgain() {
    for (int i = 0; i < 20; i++) {
      assertThat(fetch("/plain/1000/" + i)).isInstanceOf(Fetched.class);
      assertThat(fetch("/chunked/1000/" + i)).isInstanceOf(Fetched.class);
      assertThat(fetch("/gzip/1000/" + i)).isInstanceOf(Fetched.class);
      assertThat(fetch("/status/404")).isInstanceOf(Broken.class);
    }
    assertThat(server.connections()).isEqualTo(1);
  }

  /** The shortest of some, since a busy machine may delay one; each begins when one was closed. */
  @Test
  void aConnectionThatIsNotUsedIsClosedWithinHalfASecond() {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      fetch("/plain/10/" + i);
      long begin = System.nanoTime();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(10))
          .until(() -> server.connectionsNow() == 0);
      shortest = Math.min(shortest, System.nanoTime() - begin);
    }
    assertThat(server.connections()).isEqualTo(4);
    assertThat(Duration.ofNanos(shortest))
        .isBetween(Duration.ofMillis(100), Duration.ofMillis(500));
  }

  @Test
  void noMoreConnectionsThanAllowed() throws Exception {
    fetcher = new HttpFetcher(SETTINGS.withConnections(3));
    ExecutorService threads = Executors.newFixedThreadPool(12);
    List<Future<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      URI url = server.url("/plain/50000/" + i);
      outcomes.add(
          threads.submit(
              () -> fetcher.fetch(url, new MemoryTarget(), new Cancellation(), host -> {})));
    }
    for (Future<Outcome> outcome : outcomes) {
      assertThat(outcome.get()).isInstanceOf(Fetched.class);
    }
    threads.shutdown();
    assertThat(server.mostConnections()).isLessThanOrEqualTo(3);
  }

  @Test
  void aKeptConnectionThatTheServerClosedIsNoFailure() {
    server.on(
        "once",
        (request, wire) -> {
          wire.say("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
          wire.close();
        });
    for (int i = 0; i < 10; i++) {
      assertThat(fetch("/once")).isInstanceOf(Fetched.class);
    }
  }

  @Test
  void bytesThatNobodyAskedForAreNotTheNextAnswer() {
    server.on(
        "surplus",
        (request, wire) -> {
          wire.say("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
          wire.pause(50);
          wire.say("HTTP/1.1 200 OK\nContent-Length: 4\n\nevil");
        });
    assertThat(fetch("/surplus")).isInstanceOf(Fetched.class);
    Awaitility.await().pollDelay(Duration.ofMillis(200)).until(() -> true);
    fetch("/plain/10");
    assertThat(target.bytes()).isEqualTo(UnrulyServer.content(10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/stalled-headers", "/stalled-body"})
  void aFetchIsCancelledAtOnce(String path) throws Exception {
    Cancellation cancellation = new Cancellation();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Outcome> outcome =
        thread.submit(() -> fetcher.fetch(server.url(path), target, cancellation, host -> {}));
    Awaitility.await().until(() -> server.stalled() == 1);
    cancellation.request();
    assertThat(((Broken) outcome.get()).cause()).isEqualTo(Cause.CANCELLED);
    Awaitility.await().until(() -> server.connectionsNow() == 0);
    thread.shutdown();
  }

  @Test
  void whoCancelsBeforehandConnectsToNobody() {
    Cancellation cancellation = new Cancellation();
    cancellation.request();
    Outcome outcome = fetcher.fetch(server.url("/plain/10"), target, cancellation, host -> {});
    assertThat(((Broken) outcome).cause()).isEqualTo(Cause.CANCELLED);
    assertThat(server.seen()).isEmpty();
  }

  @Test
  void headersOfTheUserAreSentAndSecretsStayWithTheirOrigin() throws IOException {
    fetcher =
        new HttpFetcher(
            SETTINGS.withHeaders(
                List.of(
                    RequestHeader.parse("Authorization: secret"),
                    RequestHeader.parse("Cookie: a=b"),
                    RequestHeader.parse("X-Own: 1"))));
    try (UnrulyServer other = new UnrulyServer()) {
      assertThat(fetch("/redirect/302?" + other.url("/plain/5"))).isInstanceOf(Fetched.class);
      assertThat(server.last().header("Authorization")).contains("secret");
      assertThat(server.last().header("User-Agent")).contains("Divvy/test");
      assertThat(other.last().header("Authorization")).isEmpty();
      assertThat(other.last().header("Cookie")).isEmpty();
      assertThat(other.last().header("X-Own")).contains("1");
    }
  }

  @Test
  void anotherHostIsConnectedToOnceThatIsAllowed() throws Exception {
    try (UnrulyServer other = new UnrulyServer()) {
      List<String> asked = new ArrayList<>();
      String back = "/redirect/302?" + server.url("/plain/5");
      String away = "/redirect/302?" + "/redirect/307?" + other.url(back);
      Outcome outcome =
          fetcher.fetch(
              server.url(away),
              target,
              new Cancellation(),
              host -> {
                asked.add(host);
                assertThat(other.connections()).isEqualTo(asked.size() - 1);
              });
      assertThat(outcome).isInstanceOf(Fetched.class);
      assertThat(outcome.finalUrl()).isEqualTo(server.url("/plain/5"));
      assertThat(asked)
          .containsExactly(other.url("/").getAuthority(), server.url("/").getAuthority());
    }
  }

  @Test
  void whatASecondRequestBeginsWithIsTheFirstHostAgain() throws Exception {
    try (UnrulyServer other = new UnrulyServer()) {
      List<String> asked = new ArrayList<>();
      URI url = server.url("/redirect/302?" + other.url("/wrong-range/100000"));
      assertThat(fetcher.fetch(url, target, new Cancellation(), host -> {}))
          .isInstanceOf(Broken.class);
      assertThat(fetcher.fetch(url, target, new Cancellation(), asked::add))
          .isInstanceOf(Fetched.class);
      String first = server.url("/").getAuthority();
      String second = other.url("/").getAuthority();
      assertThat(asked).containsExactly(second, first, second);
    }
  }

  @Test
  void waitingForAnotherHostIsNoneOfTheTime() throws Exception {
    fetcher.close();
    fetcher = new HttpFetcher(SETTINGS.withLimits(LONG, LONG, SHORT));
    try (UnrulyServer other = new UnrulyServer()) {
      URI url = server.url("/redirect/302?" + other.url("/plain/5"));
      Outcome outcome =
          fetcher.fetch(
              url, target, new Cancellation(), host -> Thread.sleep(SHORT.toMillis() * 3 / 2));
      assertThat(outcome).isInstanceOf(Fetched.class);
      Outcome late =
          fetcher.fetch(
              server.url("/redirect/302?" + other.url("/stalled-headers")),
              new MemoryTarget(),
              new Cancellation(),
              host -> {});
      assertThat(((Broken) late).cause()).isEqualTo(Cause.TOOK_TOO_LONG);
    }
  }

  @Test
  void whoWaitsForAnotherHostCanBeCancelled() throws Exception {
    Cancellation cancellation = new Cancellation();
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean(true);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (UnrulyServer other = new UnrulyServer()) {
      URI url = server.url("/redirect/302?" + other.url("/plain/5"));
      Future<Outcome> outcome =
          thread.submit(
              () -> {
                Outcome what =
                    fetcher.fetch(
                        url,
                        target,
                        cancellation,
                        host -> {
                          waits.countDown();
                          never.await();
                        });
                interrupted.set(Thread.interrupted());
                return what;
              });
      waits.await();
      cancellation.request();
      assertThat(((Broken) outcome.get()).cause()).isEqualTo(Cause.CANCELLED);
      assertThat(interrupted).as("left interrupted").isFalse();
      assertThat(other.connections()).isZero();
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void aPasswordInTheUrlIsSentAndNotTold() {
    URI url = URI.create(server.url("/plain/5").toString().replace("://", "://me:p%40ss@"));
    Outcome outcome = fetcher.fetch(url, target, new Cancellation(), host -> {});
    assertThat(outcome.finalUrl()).isEqualTo(server.url("/plain/5"));
    assertThat(server.last().header("Authorization")).contains("Basic bWU6cEBzcw==");
  }

  @Test
  void nothingIsFetchedAfterTheEnd() {
    fetcher.close();
    assertThat(broken("/plain/5").cause()).isEqualTo(Cause.CANCELLED);
  }

  @Test
  void nobodyListensThere() throws IOException {
    try (Socket taken = new Socket()) {
      // Bound and not listening: no server of another test can have this port meanwhile.
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      URI url = URI.create("http://127.0.0.1:" + taken.getLocalPort() + "/");
      Broken broken = (Broken) fetcher.fetch(url, target, new Cancellation(), host -> {});
      assertThat(broken.cause()).isEqualTo(Cause.CONNECTION_REFUSED);
      assertThat(broken.retryable()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1/", "http:///x", "mailto:a@b", "http://h:99999/"})
  void someUrlsCannotBeFetched(String url) {
    Outcome outcome = fetcher.fetch(URI.create(url), target, new Cancellation(), host -> {});
    assertThat(((Broken) outcome).cause()).isEqualTo(Cause.BAD_URL);
  }

  @Test
  void aTargetThatIsFullEndsTheTransferAndSaysWhy() {
    Broken broken = broughtTo(new Target.FullException("no room in x", new IOException()));
    assertThat(broken.cause()).isEqualTo(Cause.DISK_FULL);
    assertThat(broken.text()).isEqualTo("no room in x");
  }

  @Test
  void aTargetThatCannotWriteEndsTheTransfer() {
    Broken broken = broughtTo(new IOException("Input/output error"));
    assertThat(broken.cause()).isEqualTo(Cause.NOT_WRITTEN);
    assertThat(broken.text()).isEqualTo("file cannot be written: Input/output error");
  }

  private Broken broughtTo(IOException trouble) {
    Target troubled =
        new Target() {
          @Override
          public Optional<Partial> partial() {
            return Optional.empty();
          }

          @Override
          public OutputStream begin(Facts facts) throws IOException {
            throw trouble;
          }

          @Override
          public OutputStream resume(Facts facts) {
            throw new IllegalStateException();
          }
        };
    return (Broken) fetcher.fetch(server.url("/plain/5"), troubled, new Cancellation(), host -> {});
  }

  @Test
  void whatTheHeadersSayIsHandedOn() {
    server.on(
        "facts",
        (request, wire) ->
            wire.say(
                """
                HTTP/1.1 200 OK
                Content-Length: 2
                Content-Type: image/png
                Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
                Date: Sun, 06 Nov 1994 08:51:37 GMT
                Content-Disposition: attachment; filename="a b.png"

                ok"""));
    assertThat(((Fetched) fetch("/facts")).facts())
        .isEqualTo(
            new Facts(
                200,
                server.url("/facts"),
                OptionalLong.of(2),
                Optional.of("Sun, 06 Nov 1994 08:49:37 GMT"),
                Optional.of("image/png"),
                Optional.of("a b.png")));
  }

  private Outcome fetch(String path) {
    return fetcher.fetch(server.url(path), target, new Cancellation(), host -> {});
  }

  private Broken broken(String path) {
    Outcome outcome = fetch(path);
    assertThat(outcome).isInstanceOf(Broken.class);
    return (Broken) outcome;
  }
}
