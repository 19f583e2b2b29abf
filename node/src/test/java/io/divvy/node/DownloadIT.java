package io.divvy.node;

import static io.divvy.node.download.UnrulyServer.content;
import static io.divvy.node.download.UnrulyServer.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.divvy.node.download.Certificates;
import io.divvy.node.download.UnrulyServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever servers, users and nodes do, each file is there whole, or not at all. */
@Timeout(240)
class DownloadIT {
  private static final String ESCAPE = "\u001b";

  @TempDir private static Path keys;
  private static Certificates trusted;
  private static Certificates unknown;

  @RegisterExtension final Terminals terminals = Terminals.ofWhoWait();

  @TempDir private Path folder;
  private UnrulyServer server;

  @BeforeAll
  static void makeKeys() throws Exception {
    trusted = Certificates.make(Files.createDirectory(keys.resolve("trusted")), "127.0.0.1");
    unknown = Certificates.make(Files.createDirectory(keys.resolve("unknown")), "127.0.0.1");
  }

  @BeforeEach
  void startServer() throws IOException {
    server = new UnrulyServer().drippingEvery(300);
  }

  @AfterEach
  void closeServer() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "processes", "cluster"})
  void eachOutcomeIsRightUnder(String model) throws Exception {
    try (UnrulyServer safe = new UnrulyServer(trusted.context());
        UnrulyServer stranger = new UnrulyServer(unknown.context())) {
      UrlsAndFiles list = everything(safe, stranger);
      Path dir = folder.resolve("files");
      Running run =
          start(
              list,
              dir,
              model(model),
              List.of(
                  "--ca", trusted.pem().toString(),
                  "--per-host", "16",
                  "--retries", "2",
                  "--connect-timeout", "5",
                  "--stall-timeout", "3",
                  "--max-time", "4",
                  "--max-filesize", "30M"));

      JsonNode json = run.json();
      assertThat(run.awaitExit()).isEqualTo(1);
      list.check(dir, json);
      assertThat(json.at("/status").asText()).isEqualTo("failed-items");
      assertThat(json.at("/repeatedLines").asInt()).isEqualTo(1);
      assertThat(json.at("/nodes").asInt()).isEqualTo(model.equals("threads") ? 1 : 2);
      assertThat(run.err() + String.join("", run.outLines())).doesNotContain(ESCAPE);
      assertThat(names(folder)).containsExactly("files", "urls.txt");
      assertThat(server.requests("/status/404")).isEqualTo(1);
      assertThat(server.requests("/status/500")).isEqualTo(3);
    }
  }

  private UrlsAndFiles everything(UnrulyServer safe, UnrulyServer stranger) {
    UrlsAndFiles list = new UrlsAndFiles();
    // What takes longest begins first.
    none(list, "/dripping", "took too long");
    none(list, "/stalled-headers", "stalled");
    none(list, "/stalled-body", "stalled");
    none(list, "/endless", "larger than allowed");
    none(list, "/status/500", "HTTP 500");
    file(list, "/resumable/20000000/large.bin", "large.bin", 20_000_000);
    file(list, "/recovering/2000/recovering.bin", "recovering.bin", 2000);
    file(list, "/busy-once/2100/busy.bin", "busy.bin", 2100);

    file(list, "/plain/1000/plain.bin", "plain.bin", 1000);
    file(list, "/plain/1/one.bin", "one.bin", 1);
    list.file(server.url("/empty/empty.bin").toString(), "empty.bin", new byte[0]);
    file(list, "/chunked/100000/chunked.bin", "chunked.bin", 100_000);
    file(list, "/unending/100001/unending.bin", "unending.bin", 100_001);
    file(list, "/gzip/30000/unpacked.bin", "unpacked.bin", 30_000);
    list.file(server.url("/gzip/3000/packed.gz").toString(), "packed.gz", gzip(content(3000)));
    file(list, "/deflate/30001/deflated.bin", "deflated.bin", 30_001);
    for (int status : List.of(301, 302, 303, 307, 308)) {
      String name = "moved-" + status + ".bin";
      file(list, "/redirect/" + status + "?/plain/" + status + " out=" + name, name, status);
    }
    list.file(
        server.url("/redirect/302?" + safe.url("/plain/400")) + " out=to-tls.bin",
        "to-tls.bin",
        content(400));
    list.file(safe.url("/plain/401/tls.bin").toString(), "tls.bin", content(401));
    file(list, "/reset/50000/reset.bin", "reset.bin", 50_000);
    file(list, "/changed/50001/changed.bin", "changed.bin", 50_001);
    file(list, "/range-ignored/50002/ignored.bin", "ignored.bin", 50_002);
    file(list, "/wrong-range/50003/wrong.bin", "wrong.bin", 50_003);

    file(list, "/plain/20/same.bin", "same.bin", 20);
    file(list, "/plain/21/same.bin", "same-2.bin", 21);
    list.nothing(server.url("/plain/20/same.bin").toString());
    file(list, "/plain/22/summed.bin sha256=" + Answers.sha256(content(22)), "summed.bin", 22);
    none(list, "/plain/23/summed.bin sha256=" + Answers.sha256(content(22)), "wrong checksum");
    file(list, "/plain/30/..%2f..%2fetc%2fup.bin", "_.._etc_up.bin", 30);
    file(list, "/plain/31/x out=../up.bin", "_up.bin", 31);
    file(list, "/plain/32/x out=/etc/root.bin", "_etc_root.bin", 32);
    file(list, "/plain/33/nul%00.bin", "nul_.bin", 33);
    file(list, "/plain/34/x out=.divvy/manifest.jsonl", "divvy_manifest.jsonl", 34);

    none(list, "/loop", "redirect loop");
    none(list, "/further/0", "too many redirects");
    none(list, "/redirect/302?ftp://127.0.0.1/x", "redirect refused");
    list.none(safe.url("/redirect/302?" + server.url("/plain/5")).toString(), "redirect refused");
    list.none(stranger.url("/plain/5").toString(), "certificate not verified");
    list.none("http://127.0.0.1:" + Terminals.freePorts(1) + "/", "connection refused");
    none(list, "/status/404", "HTTP 404");
    none(list, "/escapes", "HTTP 404");
    none(list, "/brotli", "content encoding cannot be undone");
    none(list, "/short", "body too short");
    none(list, "/cut-chunks", "body too short");
    none(list, "/long", "body too long");
    none(list, "/half-headers", "closed without an answer");
    none(list, "/silent", "closed without an answer");
    for (String chunks : List.of("negative", "signed", "garbage", "overrun", "huge")) {
      none(list, "/" + chunks + "-chunk", "body framed wrongly");
    }
    for (String lengths : List.of("both-lengths", "two-lengths", "negative-length")) {
      none(list, "/" + lengths, "body framed wrongly");
    }
    for (String answer : List.of("bad-status", "no-status")) {
      none(list, "/" + answer, "answer breaks the rules of HTTP");
    }
    for (String headers : List.of("absurd-line", "absurd-count", "endless-headers")) {
      none(list, "/" + headers, "answer breaks the rules of HTTP");
    }
    return list.none("ftp://127.0.0.1/x", "bad line");
  }

  private void file(UrlsAndFiles list, String path, String name, int size) {
    list.file(url(path), name, content(size));
  }

  private void none(UrlsAndFiles list, String path, String cause) {
    list.none(url(path), cause);
  }

  /** A line of the list: what stands behind a blank is no part of the URL. */
  private String url(String path) {
    String[] parts = path.split(" ", 2);
    return server.url(parts[0]) + (parts.length > 1 ? " " + parts[1] : "");
  }

  @Test
  void whatANodeHadWhenItWasKilledIsFetchedByTheOther() throws Exception {
    terminals.config("divvy.leases.renew-interval = 1s", "divvy.leases.duration = 4s");
    Running stays = terminals.startNode("--workers", "1");
    Running killed = terminals.startNode("--workers", "1", "--join", stays.address());
    UrlsAndFiles list = slow(500, 10);
    Path dir = folder.resolve("files");
    Running run = start(list, dir, List.of("--join", stays.address()), List.of("--per-host", "3"));
    awaitFetchedBy(dir, killed.name(), 20);

    killed.kill();

    JsonNode json = run.json();
    assertThat(run.awaitExit()).isZero();
    list.check(dir, json);
    assertThat(json.at("/deaths").findValuesAsText("node")).containsExactly(killed.name());
    assertThat(json.at("/deaths/0/pid").asLong()).isEqualTo(killed.pid());
    assertThat(server.mostConnections()).isLessThanOrEqualTo(3);
  }

  @Test
  void aHostNeverHasMoreConnectionsThanAllowed() throws Exception {
    slow(20, server);
    try (UnrulyServer other = new UnrulyServer()) {
      slow(10, other);
      UrlsAndFiles list = new UrlsAndFiles();
      for (int i = 0; i < 200; i++) {
        UnrulyServer host = i % 3 == 0 ? other : server;
        list.file(
            host.url("/slow/" + (4000 + i) + "/" + i + ".bin").toString(),
            i + ".bin",
            content(4000 + i));
      }
      Path dir = folder.resolve("files");
      Running run =
          start(list, dir, model("processes"), List.of("--connections", "4", "--per-host", "3"));

      list.check(dir, run.json());
      assertThat(run.awaitExit()).isZero();
      assertThat(server.mostConnections()).isLessThanOrEqualTo(3);
      assertThat(other.mostConnections()).isLessThanOrEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "processes"})
  void aHostThatRedirectsLeadToHasNoMoreConnectionsThanAllowedEither(String model)
      throws Exception {
    try (UnrulyServer far = new UnrulyServer()) {
      slow(20, far);
      UrlsAndFiles list = new UrlsAndFiles();
      for (int i = 0; i < 120; i++) {
        String file = far.url("/slow/" + (4000 + i) + "/" + i + ".bin").toString();
        // From here to there and back, or from there to there.
        String url =
            switch (i % 3) {
              case 0 -> server.url("/redirect/302?" + file).toString();
              case 1 -> far.url("/redirect/307?" + server.url("/redirect/302?" + file)).toString();
              default -> far.url("/redirect/301?" + file).toString();
            };
        list.file(url + " out=" + i + ".bin", i + ".bin", content(4000 + i));
      }
      Path dir = folder.resolve("files");
      Running run =
          start(list, dir, model(model), List.of("--connections", "8", "--per-host", "2"));

      list.check(dir, run.json());
      assertThat(run.awaitExit()).isZero();
      assertThat(far.mostConnections()).isLessThanOrEqualTo(2);
      assertThat(server.mostConnections()).isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"threads, INT, 130", "processes, TERM, 143"})
  void whatWasFetchedBeforeAnInterruptIsNotFetchedAgain(String model, String signal, int exitCode)
      throws Exception {
    UrlsAndFiles list = slow(60, 50);
    Path dir = folder.resolve("files");
    Running first = start(list, dir, model(model), List.of("--per-host", "2"));
    Waiting.until("ten files", () -> ok(dir).size() >= 10, () -> false);

    first.send(signal);

    assertThat(first.awaitExit()).isEqualTo(exitCode);
    assertThat(first.json().at("/status").asText()).isEqualTo("interrupted");
    list.checkSome(dir);
    Map<String, Integer> asked = new TreeMap<>();
    ok(dir).forEach(url -> asked.put(url, asked(url)));
    assertThat(asked).hasSizeBetween(10, 59);

    Running second = start(list, dir, model(model), List.of());

    JsonNode json = second.json();
    assertThat(second.awaitExit()).isZero();
    list.check(dir, json);
    assertThat(json.at("/present").asInt()).isEqualTo(asked.size());
    asked.replaceAll((url, count) -> asked(url) - count);
    assertThat(asked.values()).containsOnly(0);
  }

  @Test
  void twoRunsDoNotShareAFolder() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    server.on(
        "gate",
        (request, wire) -> {
          try {
            opened.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          wire.say("HTTP/1.1 200 OK\nContent-Length: 10\n\n", content(10));
        });
    UrlsAndFiles list = new UrlsAndFiles();
    file(list, "/gate/gate.bin", "gate.bin", 10);
    Path dir = folder.resolve("files");
    Running first = start(list, dir, List.of(), List.of());
    Waiting.until("a request", () -> server.requests("/gate/gate.bin") > 0, () -> false);

    Running second = start(list, dir, List.of(), List.of());

    assertThat(second.awaitExit()).isEqualTo(2);
    assertThat(second.outLines()).isEmpty();
    assertThat(second.errLines()).hasSize(1);
    assertThat(second.err())
        .isEqualTo(
            "divvy: another run is downloading to "
                + dir.toRealPath()
                + "; wait for its end, or give another --to");
    opened.countDown();
    list.check(dir, first.json());
    assertThat(first.awaitExit()).isZero();
  }

  /** So many small files, each of which the server takes its time for. */
  private UrlsAndFiles slow(int files, long millis) {
    slow(millis, server);
    UrlsAndFiles list = new UrlsAndFiles();
    for (int i = 0; i < files; i++) {
      file(list, "/slow/" + (4000 + i) + "/" + i + ".bin", i + ".bin", 4000 + i);
    }
    return list;
  }

  private static void slow(long millis, UnrulyServer host) {
    host.on(
        "slow",
        (request, wire) -> {
          wire.pause(millis);
          byte[] body = content(request.size());
          wire.say("HTTP/1.1 200 OK\nContent-Length: " + body.length + "\n\n", body);
        });
  }

  private Running start(UrlsAndFiles list, Path dir, List<String> model, List<String> options)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("run", "download"));
    words.add(list.write(folder.resolve("urls.txt")).toString());
    words.addAll(List.of("--to", dir.toString(), "--json"));
    words.addAll(model);
    words.addAll(options);
    return terminals.startInForeground(words.toArray(String[]::new));
  }

  /** The options of a model with two nodes where there can be two. */
  private List<String> model(String model) throws IOException {
    if (model.equals("threads")) {
      return List.of();
    }
    if (model.equals("processes")) {
      return List.of("--model", "processes", "--nodes", "2");
    }
    Running node = terminals.startNode("--workers", "1");
    terminals.startNode("--workers", "1", "--join", node.address());
    return List.of("--join", node.address());
  }

  private static void awaitFetchedBy(Path dir, String node, int files) {
    Waiting.until(
        files + " files by " + node,
        () ->
            manifest(dir).stream().filter(each -> each.at("/node").asText().equals(node)).count()
                >= files,
        () -> false);
  }

  private static List<String> ok(Path dir) {
    return manifest(dir).stream()
        .filter(each -> each.at("/status").asText().equals("ok"))
        .map(each -> each.at("/url").asText())
        .toList();
  }

  private static List<JsonNode> manifest(Path dir) {
    try {
      return UrlsAndFiles.manifest(dir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int asked(String url) {
    return server.requests(url.substring(server.url("").toString().length()));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
