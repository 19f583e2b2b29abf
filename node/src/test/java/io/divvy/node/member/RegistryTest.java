package io.divvy.node.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.node.member.Entry.Life;
import io.divvy.node.member.Entry.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTest {
  private static final Entry N1 = entry("n1", 1);
  private static final Entry N2 = entry("n2", 2);

  private Path home;
  private final List<String> warnings = new ArrayList<>();
  private Registry registry;

  @BeforeEach
  void start(@TempDir Path dir) {
    home = dir.resolve("home");
    registry = registryOf(home);
  }

  @Test
  void whatOneWritesAnotherReads() throws Exception {
    registry.put(N1);
    registry.put(N2);
    assertThat(registryOf(home).entries()).containsExactly(N1, N2);
  }

  @Test
  void anAddressHasOneEntry() throws Exception {
    registry.put(N1);
    registry.put(N1.up(5));
    assertThat(registry.entries()).containsExactly(N1.up(5));
  }

  @Test
  void onlyTheOwnProcessIsRemoved() throws Exception {
    registry.put(N1);
    Entry earlier = new Entry("n1", N1.address(), 9, "start 9", "here", 0, State.UP);
    registry.remove(earlier);
    assertThat(registry.entries()).containsExactly(N1);
    registry.remove(N1);
    assertThat(registry.entries()).isEmpty();
  }

  @Test
  void aBrokenFileIsSetAsideWithAWarning() throws Exception {
    registry.put(N1);
    Files.writeString(home.resolve("nodes.json"), "{\"nodes\": [{");
    registry.put(N2);
    assertThat(registry.entries()).containsExactly(N2);
    assertThat(warnings).singleElement().asString().contains("nodes.json.unreadable");
    assertThat(home.resolve("nodes.json.unreadable")).hasContent("{\"nodes\": [{");
  }

  @Test
  void anEntryWithoutItsFieldsIsABrokenFile() throws Exception {
    Files.createDirectories(home);
    Files.writeString(
        home.resolve("nodes.json"), "{\"schema\":\"divvy.nodes/1\",\"nodes\":[{\"pid\":1}]}");
    assertThat(registry.entries()).isEmpty();
    registry.put(N1);
    assertThat(warnings).hasSize(1);
    assertThat(registry.entries()).containsExactly(N1);
  }

  @Test
  void fieldsOfALaterVersionAreIgnored() throws Exception {
    registry.put(N1);
    Path file = home.resolve("nodes.json");
    Files.writeString(file, Files.readString(file).replace("\"pid\"", "\"colour\":1,\"pid\""));
    assertThat(registry.entries()).containsExactly(N1);
  }

  @Test
  void aProcessLivesWhenItsNumberAndItsStartAreTheSame() {
    assertThat(registry.life(N1)).isEqualTo(Life.ALIVE);
    assertThat(registry.life(new Entry("n1", "h:1", 1, "later", "here", 0, State.UP)))
        .isEqualTo(Life.DEAD);
    assertThat(registry.life(new Entry("n1", "h:1", 99, "start 99", "here", 0, State.UP)))
        .isEqualTo(Life.DEAD);
    assertThat(registry.life(new Entry("n1", "h:1", 1, "start 1", "there", 0, State.UP)))
        .isEqualTo(Life.UNKNOWN);
  }

  @Test
  void manyAtOnceLoseNothing() throws Exception {
    CompletableFuture<?>[] all =
        IntStream.range(0, 20)
            .mapToObj(i -> CompletableFuture.runAsync(() -> put(entry("n" + i, 100 + i))))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).get(30, TimeUnit.SECONDS);
    assertThat(registry.entries()).hasSize(20);
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("nodes.json", "nodes.lock");
    }
  }

  private void put(Entry entry) {
    try {
      registry.put(entry);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Registry registryOf(Path folder) {
    return new Registry(
        folder, "here", pid -> pid == 1 ? Optional.of("start 1") : Optional.empty(), warnings::add);
  }

  private static Entry entry(String name, int number) {
    return new Entry(
        name, "127.0.0.1:" + number, number, "start " + number, "here", 0, State.JOINING);
  }
}
