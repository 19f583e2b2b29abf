package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One list under several models, each with JVMs of its own where it needs them. */
@Timeout(240)
class DownloadComparisonIT {
  private static final int FILES = 12;
  private static final String[] WORDS = {
    "compare", "download", "--files", "" + FILES, "--latency", "250ms", "--nodes", "2", "-j", "2"
  };

  @RegisterExtension final Terminals terminals = Terminals.ofWhoWait();

  @Test
  void everyModelFetchesTheSameFilesAndManyConnectionsWaitTogether(@TempDir Path dir)
      throws Exception {
    Running compare = terminals.run(words("--to", dir.toString(), "--repeat", "2", "--json"));

    assertThat(compare.awaitExit()).isZero();
    JsonNode json = compare.json();
    assertThat(json.at("/status").asText()).isEqualTo("done");
    assertThat(json.at("/identical").asBoolean()).isTrue();
    assertThat(json.at("/runs").findValuesAsText("model"))
        .containsExactly("sequential", "threads", "processes");
    assertThat(json.at("/runs").findValuesAsText("workers")).containsExactly("1", "12", "12");
    assertThat(json.at("/server/images").asInt()).isEqualTo(FILES);
    // Waiting decides: the one connection of sequential waits twelve times, the others once.
    assertThat(json.at("/runs/1/speedup").asDouble()).isGreaterThan(1.5);
    assertThat(compare.err()).contains("from a server in this JVM, 250 ms to the first byte");
    for (String model : List.of("sequential", "threads", "processes")) {
      assertThat(names(dir.resolve(model))).hasSize(FILES).contains("image_1.png", "image_12.png");
      for (String name : names(dir.resolve(model))) {
        assertThat(dir.resolve(model).resolve(name))
            .hasSameBinaryContentAs(dir.resolve("sequential").resolve(name));
      }
    }
  }

  @Test
  void filesThatFailAreToldAndTheExitCodeSaysSo(@TempDir Path dir) throws Exception {
    Path list = Files.writeString(dir.resolve("list"), "http://127.0.0.1:1/a.png\n");

    Running compare =
        terminals.run(
            "compare",
            "download",
            list.toString(),
            "--retries",
            "0",
            "--repeat",
            "1",
            "--models",
            "sequential,threads");

    assertThat(compare.awaitExit()).isEqualTo(1);
    assertThat(compare.err())
        .contains(
            "sequential failed: line 1: http://127.0.0.1:1/a.png",
            "threads failed: line 1: http://127.0.0.1:1/a.png");
  }

  private static String[] words(String... more) {
    return Stream.concat(Stream.of(WORDS), Stream.of(more)).toArray(String[]::new);
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.startsWith("."))
          .toList();
    }
  }
}
