package io.divvy.node.download.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.divvy.node.download.list.Line.Wanted;
import io.divvy.node.download.manifest.Manifest.Check;
import io.divvy.node.download.place.Placed;
import io.divvy.node.download.place.Store;
import io.divvy.node.input.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  private static final String SHA256_OF_HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  private final Path dir;
  private final Path file;
  private final Store store;

  ManifestTest(@TempDir Path folder) throws Exception {
    dir = folder.resolve("dir");
    file = dir.resolve(".divvy/manifest.jsonl");
    store = Store.open(dir, 0);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void aLineIsWhatProgramsRead() throws Exception {
    try (Manifest manifest = Manifest.open(store)) {
      manifest.add(ok("http://h/a", "a"));
      manifest.add(Entry.refused("bad", Optional.empty(), "is no URL", 1, 7));
    }
    List<String> lines = Files.readAllLines(file);

    assertThat(lines.get(0))
        .isEqualTo(
            "{\"url\":\"http://h/a\",\"status\":\"ok\",\"file\":\"a\",\"bytes\":5,\"sha256\":\""
                + SHA256_OF_HELLO
                + "\",\"httpStatus\":200,\"finalUrl\":\"http://h/b\",\"attempts\":2,\"seconds\":0.25,"
                + "\"node\":\"n1\",\"error\":null,\"index\":3,\"line\":4,\"etag\":\"\\\"v1\\\"\"}");
    assertThat(new ObjectMapper().readTree(lines.get(1)))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    "{'url':'bad','status':'failed','file':null,'bytes':null,'sha256':null,"
                        .concat("'httpStatus':null,'finalUrl':null,'attempts':0,'seconds':0.0,")
                        .concat("'node':null,'error':'is no URL','index':1,'line':7}")
                        .replace('\'', '"')));
  }

  @Test
  void theLastLineOfAUrlCounts() throws Exception {
    Entry failed = failed("http://h/a", "404");
    try (Manifest manifest = Manifest.open(store)) {
      manifest.add(failed);
      manifest.add(ok("http://h/a", "a"));
      manifest.add(ok("http://h/b", "b"));
      manifest.add(failed("http://h/b", "gone"));
      assertThat(manifest.last("http://h/a", Optional.empty())).contains(ok("http://h/a", "a"));
      assertThat(manifest.last("http://h/a", Optional.of("x"))).isEmpty();
    }
    try (Manifest manifest = Manifest.open(store)) {
      assertThat(manifest.size()).isEqualTo(2);
      assertThat(manifest.last("http://h/a", Optional.empty())).contains(ok("http://h/a", "a"));
      assertThat(manifest.last("http://h/b", Optional.empty()))
          .contains(failed("http://h/b", "gone"));
    }
  }

  @Test
  void aFileThatIsThereAndAsItWasIsComplete() throws Exception {
    Files.writeString(dir.resolve("a"), "hello");
    try (Manifest manifest = Manifest.open(store)) {
      manifest.add(ok("http://h/a", "a"));
      manifest.add(failed("http://h/b", "404"));

      assertThat(manifest.complete(wanted("a"), Check.LENGTH)).contains(ok("http://h/a", "a"));
      assertThat(manifest.complete(wanted("a"), Check.DIGEST)).isPresent();
      assertThat(manifest.complete(wanted("a", SHA256_OF_HELLO), Check.DIGEST)).isPresent();
      assertThat(manifest.complete(wanted("a", "0".repeat(64)), Check.LENGTH)).isEmpty();
      assertThat(manifest.complete(wanted("b"), Check.LENGTH)).isEmpty();
      assertThat(manifest.complete(wanted("c"), Check.LENGTH)).isEmpty();

      Files.writeString(dir.resolve("a"), "jello");
      assertThat(manifest.complete(wanted("a"), Check.LENGTH)).isPresent();
      assertThat(manifest.complete(wanted("a"), Check.DIGEST)).isEmpty();
      Files.writeString(dir.resolve("a"), "hell");
      assertThat(manifest.complete(wanted("a"), Check.LENGTH)).isEmpty();
      Files.delete(dir.resolve("a"));
      assertThat(manifest.complete(wanted("a"), Check.LENGTH)).isEmpty();
    }
  }

  @Test
  void aManifestThatSomebodyWroteLeadsNowhereElse() throws Exception {
    Files.writeString(dir.resolveSibling("secret"), "hello");
    Files.createSymbolicLink(dir.resolve("link"), dir.resolveSibling("secret"));
    try (Manifest manifest = Manifest.open(store)) {
      manifest.add(ok("http://h/a", "../secret"));
      manifest.add(ok("http://h/b", "link"));
      assertThat(manifest.complete(wanted("a"), Check.LENGTH)).isEmpty();
      assertThat(manifest.complete(wanted("b"), Check.LENGTH)).isEmpty();
    }
  }

  @Test
  void aTornLastLineIsCutOff() throws Exception {
    write(ok("http://h/a", "a"), ok("http://h/b", "b"));
    String whole = Files.readString(file);
    int first = whole.indexOf('\n') + 1;
    for (int length = first; length < whole.length(); length++) {
      Files.writeString(file, whole.substring(0, length));
      try (Manifest manifest = Manifest.open(store)) {
        boolean onlyItsEndIsMissing = length == whole.length() - 1;
        assertThat(manifest.damage()).isEmpty();
        assertThat(manifest.size()).as("cut at %d", length).isEqualTo(onlyItsEndIsMissing ? 2 : 1);
        manifest.add(ok("http://h/b", "b"));
      }
      assertThat(Files.readString(file)).startsWith(whole);
    }
  }

  @Test
  void otherDamageIsNamedAndDoneAgain() throws Exception {
    write(ok("http://h/a", "a"), ok("http://h/b", "b"), ok("http://h/c", "c"));
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(1, lines.get(1).substring(9));
    Files.write(file, lines);
    try (Manifest manifest = Manifest.open(store)) {
      assertThat(manifest.damage())
          .containsExactly(
              "line 2 of " + file.toRealPath() + " is damaged; what it said is done again");
      assertThat(manifest.last("http://h/b", Optional.empty())).isEmpty();
      assertThat(manifest.last("http://h/c", Optional.empty())).contains(ok("http://h/c", "c"));
      manifest.finish(Optional.empty());
    }
    assertThat(Files.readAllLines(file)).containsExactly(lines.get(0), lines.get(2));
  }

  @Test
  void inTheEndThereIsOneLineForEachUrl() throws Exception {
    Path copy = dir.resolveSibling("copy.jsonl");
    try (Manifest manifest = Manifest.open(store)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 500; i++) {
          manifest.add(failed("http://h/" + i, "x".repeat(i * 10) + round));
        }
      }
      manifest.finish(Optional.of(copy));
    }
    assertThat(Files.readAllLines(file))
        .hasSize(500)
        .allMatch(line -> line.contains("x2\"") || line.contains("\"2\""));
    assertThat(copy).hasSameTextualContentAs(file);
    try (Manifest manifest = Manifest.open(store)) {
      assertThat(manifest.size()).isEqualTo(500);
      assertThat(manifest.last("http://h/499", Optional.empty()))
          .contains(failed("http://h/499", "x".repeat(4990) + "2"));
    }
    assertThat(names(dir.resolve(".divvy"))).containsExactly("lock", "manifest.jsonl", "part");
  }

  @Test
  void aCopyThatCannotBeWrittenIsOneLine() throws Exception {
    try (Manifest manifest = Manifest.open(store)) {
      manifest.add(ok("http://h/a", "a"));
      assertThatThrownBy(() -> manifest.finish(Optional.of(dir.resolve("no/copy"))))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot write the manifest ");
    }
    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  @Test
  void aSecondRunInOneFolderGetsOneLine() throws Exception {
    try (Manifest manifest = Manifest.open(store)) {
      assertThat(manifest.size()).isZero();
      assertThatThrownBy(() -> Manifest.open(store))
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith("another run is downloading to " + dir.toRealPath());
    }
    try (Manifest manifest = Manifest.open(store)) {
      assertThat(manifest.size()).isZero();
    }
  }

  @Test
  void aManifestThatIsALinkIsRefused() throws Exception {
    Path other = Files.writeString(dir.resolveSibling("other"), "keep");
    Files.createSymbolicLink(file, other);

    assertThatThrownBy(() -> Manifest.open(store))
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith("is a link or a folder; remove it");
    assertThat(other).hasContent("keep");
    Files.delete(file);
    Manifest.open(store).close();
  }

  @Test
  void aThreadThatIsInterruptedCanStillWrite() throws Exception {
    try (Manifest manifest = Manifest.open(store)) {
      Thread.currentThread().interrupt();
      manifest.add(ok("http://h/a", "a"));
      manifest.sync();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(manifest.last("http://h/a", Optional.empty())).isPresent();
    }
  }

  private void write(Entry... entries) throws Exception {
    try (Manifest manifest = Manifest.open(store)) {
      for (Entry entry : entries) {
        manifest.add(entry);
      }
    }
  }

  private static Wanted wanted(String path) {
    return new Wanted(0, 1, URI.create("http://h/" + path), Optional.empty(), Optional.empty());
  }

  private static Wanted wanted(String path, String sha256) {
    return new Wanted(0, 1, URI.create("http://h/" + path), Optional.empty(), Optional.of(sha256));
  }

  private static Entry ok(String url, String file) {
    return new Entry(
        url,
        Optional.empty(),
        Optional.of(new Placed(file, 5, SHA256_OF_HELLO)),
        OptionalInt.of(200),
        Optional.of("http://h/b"),
        2,
        0.25,
        Optional.of("n1"),
        Optional.empty(),
        Optional.of("\"v1\""),
        3,
        4);
  }

  private static Entry failed(String url, String error) {
    return Entry.refused(url, Optional.empty(), error, 3, 4);
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
