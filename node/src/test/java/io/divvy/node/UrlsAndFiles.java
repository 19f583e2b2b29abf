package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A list of URLs, and what has to become of each of them. */
final class UrlsAndFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PRIVATE = ".divvy";

  private final List<String> lines = new ArrayList<>();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, String> causes = new TreeMap<>();

  /** A line that becomes this file. */
  UrlsAndFiles file(String line, String name, byte[] content) {
    lines.add(line);
    assertThat(files.put(name, content)).as(name).isNull();
    return this;
  }

  /** A line that becomes no file. */
  UrlsAndFiles none(String line, String cause) {
    lines.add(line);
    causes.put(line.split(" ", 2)[0], cause);
    return this;
  }

  /** A line that asks for nothing new. */
  UrlsAndFiles nothing(String line) {
    lines.add(line);
    return this;
  }

  Path write(Path file) throws IOException {
    return Files.write(file, lines);
  }

  /** Checks the folder, the manifest and what the command said at its end. */
  void check(Path dir, JsonNode said) throws IOException {
    Map<String, String> missed = new TreeMap<>();
    said.at("/failures")
        .forEach(each -> missed.put(each.at("/url").asText(), each.at("/cause").asText()));
    assertThat(missed).isEqualTo(causes);
    assertThat(digests(dir)).isEqualTo(digests());
    assertThat(manifested(dir)).isEqualTo(digests());
    List<JsonNode> manifest = manifest(dir);
    assertThat(manifest).hasSize(files.size() + causes.size());
    assertThat(manifest.stream().map(each -> each.at("/url").asText() + each.at("/out").asText()))
        .doesNotHaveDuplicates();
    assertThat(temporary(dir)).containsExactly("lock");
    String digest = Answers.digestOfFiles(files.values());
    assertThat(said.at(causes.isEmpty() ? "/digest" : "/partialDigest").asText()).isEqualTo(digest);
    assertThat(said.at("/done").asInt()).isEqualTo(files.size());
    assertThat(said.at("/failed").asInt()).isEqualTo(causes.size());
    assertThat(said.at("/remaining").asInt()).isZero();
  }

  /** Checks that whatever is there already is one of the files, and whole. */
  void checkSome(Path dir) throws IOException {
    assertThat(digests()).containsAllEntriesOf(digests(dir));
    assertThat(digests(dir)).containsAllEntriesOf(manifested(dir));
  }

  /** The lines of the manifest that are whole. */
  static List<JsonNode> manifest(Path dir) throws IOException {
    Path file = dir.resolve(PRIVATE).resolve("manifest.jsonl");
    List<JsonNode> entries = new ArrayList<>();
    if (Files.exists(file)) {
      String text = Files.readString(file);
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        entries.add(JSON.readTree(line));
      }
    }
    return entries;
  }

  /** The names of what is left of transfers, and of what keeps them apart. */
  static List<String> temporary(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve(PRIVATE).resolve("part"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    files.forEach((name, content) -> digests.put(name, Answers.sha256(content)));
    return digests;
  }

  private static Map<String, String> manifested(Path dir) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (JsonNode entry : manifest(dir)) {
      if (entry.at("/status").asText().equals("ok")) {
        String file = entry.at("/file").asText();
        assertThat(digests.put(file, entry.at("/sha256").asText())).as(file).isNull();
      }
    }
    return digests;
  }

  /** Of all files in the folder, those of the program itself left out. */
  private static Map<String, String> digests(Path dir) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> found = Files.walk(dir)) {
      for (Path file : found.filter(file -> !Files.isDirectory(file)).toList()) {
        Path name = dir.relativize(file);
        if (!name.startsWith(PRIVATE)) {
          digests.put(name.toString(), Answers.sha256(Files.readAllBytes(file)));
        }
      }
    }
    return digests;
  }
}
