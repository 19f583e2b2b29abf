package io.divvy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivvySettingsTest {

  @Test
  void theDefaultsAreThoseOfTheDesign() {
    DivvySettings settings = settings("");
    assertThat(settings.node())
        .isEqualTo(
            new NodeSettings("127.0.0.1", 25710, Duration.ofSeconds(10), Duration.ofSeconds(5)));
    assertThat(settings.chunks())
        .isEqualTo(
            new ChunkSettings(
                Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofSeconds(5)));
    assertThat(settings.leases())
        .isEqualTo(
            new LeaseSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(15)));
    assertThat(settings.results())
        .isEqualTo(
            new ResultSettings(512 << 10, 2 << 20, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    assertThat(settings.merge()).isEqualTo(new MergeSettings(64 << 20, 64 << 20));
    assertThat(settings.journal())
        .isEqualTo(
            new JournalSettings(
                Duration.ofMillis(200), Duration.ofSeconds(10), 8 << 20, Duration.ofDays(14)));
    assertThat(settings.slots())
        .isEqualTo(new SlotSettings(Duration.ofMillis(250), Duration.ofSeconds(1)));
    assertThat(settings.command().reachTimeout()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void everyKeyHasACommentAboveIt() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("src/main/resources/reference.conf")).stream()
            .takeWhile(line -> !line.startsWith("  pekko {"))
            .map(String::strip)
            .toList();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).matches("[a-z-]+ (=|\\{).*") && !lines.get(i).equals("divvy {")) {
        assertThat(lines.get(i - 1)).as("above '%s'", lines.get(i)).startsWith("#");
      }
    }
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThat(
            problems(
                """
                divvy {
                  chunks { minimum-local = soon, maximum = 5 }
                  leases.duration = 1s
                  results { part-size = 1 MiB, windw = 4 MiB }
                  node.port = 70000
                  colour = red
                }
                """))
        .hasSize(7)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("divvy.chunks.minimum-local is 'soon' (")
                    .endsWith("allowed: a duration with its unit, such as 500ms or 5s"))
        .anySatisfy(line -> assertThat(line).startsWith("divvy.chunks.maximum is 5 ("))
        .contains(
            "divvy.leases.duration is 1s; allowed: more than twice divvy.leases.renew-interval, which is 2s",
            "divvy.results.part-size is 1 MiB; allowed: 1 KiB to 512 KiB",
            "divvy.node.port is 70000; allowed: 1 to 65535")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("unknown setting divvy.results.windw (")
                    .endsWith("did you mean divvy.results.window?"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("unknown setting divvy.colour (")
                    .contains("known there: chunks, command,"));
  }

  @Test
  void severalProblemsOfOneGroupAreAllTold() {
    assertThat(problems("divvy.chunks { minimum-local = 10s, minimum-remote = 20s }"))
        .containsExactly(
            "divvy.chunks.minimum-local is 10s; allowed: at most divvy.chunks.maximum, which is 5s",
            "divvy.chunks.minimum-remote is 20s; allowed: at most divvy.chunks.maximum, which is 5s");
  }

  @Test
  void aGroupThatIsAValueAndAValueThatIsAGroupAreProblems() {
    assertThat(problems("divvy { chunks = 5, node.port { a = 1 } }"))
        .anySatisfy(
            line -> assertThat(line).isEqualTo("divvy.chunks is 5; allowed: a group of settings"))
        .anySatisfy(line -> assertThat(line).startsWith("divvy.node.port is a group ("));
  }

  @Test
  void aSizeOfManyGigabytesIsNotCutToAnInt() {
    assertThat(problems("divvy.results.window = 5 GiB"))
        .singleElement()
        .asString()
        .startsWith("divvy.results.window is ")
        .endsWith("allowed: 1 MiB to 1024 MiB");
  }

  @Test
  void theFileIsOverTheDefaultsAndMayReferToItself(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("my.conf");
    Files.writeString(file, "slow = 2s\ndivvy.slots { quantum = 700ms, offer-timeout = 3s }");
    assertThat(problemsOf(() -> DivvySettings.load(Optional.of(file))))
        .singleElement()
        .asString()
        .startsWith("slow (")
        .endsWith("is not read; allowed: settings under 'divvy'");
    Files.writeString(file, "divvy.slots { quantum = 3s, offer-timeout = ${divvy.slots.quantum} }");
    assertThat(DivvySettings.load(Optional.of(file)).slots())
        .isEqualTo(new SlotSettings(Duration.ofSeconds(3), Duration.ofSeconds(3)));
  }

  @Test
  void aSystemPropertyIsOverTheFile(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("my.conf");
    Files.writeString(file, "divvy.node { port = 4711, host = pi }");
    System.setProperty("divvy.node.port", "4712");
    ConfigFactory.invalidateCaches();
    try {
      NodeSettings node = DivvySettings.load(Optional.of(file)).node();
      assertThat(node.host() + ":" + node.port()).isEqualTo("pi:4712");
    } finally {
      System.clearProperty("divvy.node.port");
      ConfigFactory.invalidateCaches();
    }
  }

  @Test
  void theLaunchersOwnPropertiesAreNoSettings() {
    assertThat(settings("divvy { launcher = divvy, root = /tmp, terminal = true, columns = 80 }"))
        .isEqualTo(settings(""));
  }

  @Test
  void aMissingABrokenAndADirectoryForAFileAreProblems(@TempDir Path dir) throws IOException {
    Path broken = dir.resolve("broken.conf");
    Files.writeString(broken, "divvy {\n  chunks {");
    assertThat(problemsOf(() -> DivvySettings.load(Optional.of(dir.resolve("none.conf")))))
        .containsExactly(
            "settings file '"
                + dir.resolve("none.conf")
                + "': there is no such file; give a readable one to --config");
    assertThat(problemsOf(() -> DivvySettings.load(Optional.of(dir))))
        .containsExactly(
            "settings file '"
                + dir
                + "': it cannot be read as a file; give a readable one to --config");
    assertThat(problemsOf(() -> DivvySettings.load(Optional.of(broken))))
        .singleElement()
        .asString()
        .startsWith("settings file '" + broken + "': ");
  }

  @Test
  void aReferenceToNothingIsOneProblem() {
    assertThat(problems("divvy.slots.quantum = ${nothing}")).hasSize(1);
  }

  @Test
  void keysOfPekkoAreTakenAsTheyAre() {
    Config local = settings("divvy.pekko.common.loglevel = DEBUG").pekko().local();
    assertThat(local.getString("pekko.loglevel")).isEqualTo("DEBUG");
    assertThat(problems("divvy.pekko.comon.loglevel = DEBUG"))
        .singleElement()
        .asString()
        .endsWith("did you mean divvy.pekko.common?");
  }

  @Test
  void eachRoleHasItsProviderAndItsAddress() {
    PekkoConfig pekko = settings("").pekko();
    assertThat(pekko.local().getString("pekko.actor.provider")).isEqualTo("local");
    assertThat(pekko.command("127.0.0.1").getString("pekko.actor.provider")).isEqualTo("remote");
    assertThat(pekko.child("127.0.0.1").getInt("pekko.remote.artery.canonical.port")).isZero();
    Config member = pekko.member("10.0.0.5", 4711);
    assertThat(member.getString("pekko.actor.provider")).isEqualTo("cluster");
    assertThat(member.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("10.0.0.5");
    assertThat(member.getInt("pekko.remote.artery.canonical.port")).isEqualTo(4711);
    assertThat(member.getBoolean("pekko.actor.allow-java-serialization")).isFalse();
  }

  private static DivvySettings settings(String text) {
    return DivvySettings.from(ConfigFactory.parseString(text));
  }

  private static List<String> problems(String text) {
    return problemsOf(() -> settings(text));
  }

  private static List<String> problemsOf(Runnable load) {
    SettingsException thrown = catchThrowableOfType(SettingsException.class, load::run);
    assertThat(thrown).isNotNull();
    return thrown.lines();
  }
}
