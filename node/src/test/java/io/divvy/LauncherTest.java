package io.divvy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher {@code node/bin/divvy} with a Maven and a Java that only pretend, so that building
 * takes no time and the "program" prints what it was started with.
 */
class LauncherTest {
  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      case "$*" in *-version*) echo "Apache Maven 3.9.9"; exit ;; esac
      echo built >>"$MAVEN_CALLS"
      if grep -q broken node/src/main/java/Main.java; then
        echo "[ERROR] Main.java is broken"
        exit 1
      fi
      mkdir -p node/target/lib
      echo library >node/target/lib/library.jar
      cp node/src/main/java/Main.java node/target/divvy-node-1.jar
      """;
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      case " $* " in
        *" -Xshare:dump "*) for a; do case $a in -XX:SharedArchiveFile=*) echo >"${a#*=}" ;; esac; done ;;
        *DumpLoadedClassList*" io.divvy.node.Main node "*) echo '{"address":"127.0.0.1:1"}'; exec sleep 30 ;;
        *DumpLoadedClassList*) for a; do case $a in -XX:DumpLoadedClassList=*) echo A >"${a#*=}" ;; esac; done ;;
        *" io.divvy.node.Main wait "*) echo started; read -r _ ;;
        *) printf '<%s>' "$@"; echo ;;
      esac
      """;

  @TempDir Path temp;
  private Path checkout;
  private Path source;

  @BeforeEach
  void makeACheckout() throws IOException {
    checkout = checkoutIn(temp.resolve("checkout"));
    source = checkout.resolve("node/src/main/java/Main.java");
    script(temp.resolve("tools/mvn"), MAVEN);
    script(temp.resolve("jdk/bin/java"), JAVA);
    script(temp.resolve("jdk/bin/javac"), "#!/bin/sh");
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
  }

  @Test
  void threeStartsAtOnceBuildOnce() throws Exception {
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      starts.add(start(launcher(), "hello"));
    }
    for (Process start : starts) {
      assertThat(end(start)).contains("<hello>");
    }
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aBuildIsMadeAgainOnlyForOtherContent() throws Exception {
    run("first");
    later(source);
    run("touched");
    assertThat(builds()).isEqualTo(1);
    Files.writeString(source, "class Main { int changed; }");
    run("changed");
    assertThat(builds()).isEqualTo(2);
    Files.delete(checkout.resolve("node/src/main/java/Other.java"));
    run("deleted");
    assertThat(builds()).isEqualTo(3);
  }

  @Test
  void argumentsArriveAsTheyAre() throws Exception {
    assertThat(run("run", "a b", "*", "")).endsWith("<io.divvy.node.Main><run><a b><*><>");
  }

  @Test
  void aCheckoutWithASpaceIsStartedThroughALinkFromElsewhere() throws Exception {
    Path spaced = checkoutIn(temp.resolve("check out"));
    Path link = temp.resolve("link");
    Files.createSymbolicLink(link, spaced.resolve("node/bin/divvy"));
    assertThat(end(start(link, "hello"))).contains("<-Ddivvy.launcher=" + link + ">", "<hello>");
    // Java could use no archive under such a path.
    assertThat(spaced.resolve(".divvy")).doesNotExist();
  }

  @Test
  void aRunningProgramKeepsItsBuildUntilItEnds() throws Exception {
    assumeThat(Files.exists(Path.of("/usr/bin/flock"))).isTrue();
    run("first");
    Path build = onlyBuild();
    Process running = start(launcher(), "wait");
    BufferedReader said = running.inputReader();
    assertThat(said.readLine()).isEqualTo("started");
    Files.writeString(source, "class Main { int changed; }");
    run("changed");
    assertThat(build.resolve("lib/library.jar")).exists();
    running.outputWriter().close();
    assertThat(running.waitFor(20, TimeUnit.SECONDS)).isTrue();
    Files.writeString(source, "class Main { int changedAgain; }");
    run("changed again");
    assertThat(build).doesNotExist();
    assertThat(onlyBuild()).exists();
  }

  @Test
  void aFailedBuildTellsWhatMavenSaidAndIsTriedAgain() throws Exception {
    Files.writeString(source, "broken");
    Process start = start(launcher(), "hello");
    String told = new String(start.getErrorStream().readAllBytes(), UTF_8);
    assertThat(start.waitFor()).isEqualTo(2);
    assertThat(told).contains("[ERROR] Main.java is broken", "build.log");
    Files.writeString(source, "class Main {}");
    assertThat(run("hello")).contains("<hello>");
  }

  @Test
  void classesComeFromAnArchiveOfTheBuildAndTheJava() throws Exception {
    String archive = "<-XX:SharedArchiveFile=" + checkout.toRealPath().resolve(".divvy/builds");
    assertThat(run("hello")).contains(archive, "17.0.1");
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    assertThat(run("hello"))
        .contains(archive, "25.0.1", "--sun-misc-unsafe-memory-access=allow")
        .doesNotContain("PerfDataSamplingInterval"); // Java 25 would warn about it
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void whatStaysForLongIsCompiledSooner() throws Exception {
    assertThat(run("run", "sum", "0..9")).contains("<-XX:Tier3InvocationThreshold=1000>");
    assertThat(run("node")).contains("<-XX:Tier3InvocationThreshold=20>");
    assertThat(run("compare")).contains("<-XX:Tier3InvocationThreshold=20>");
  }

  @Test
  void anOldJavaIsNamed() throws Exception {
    Files.writeString(temp.resolve("jdk/release"), "JAVA_VERSION=\"1.8.0_392\"\n");
    Process start = start(launcher(), "hello");
    assertThat(new String(start.getErrorStream().readAllBytes(), UTF_8).lines())
        .singleElement()
        .asString()
        .contains("1.8.0_392", "17 or newer");
    assertThat(start.waitFor()).isEqualTo(2);
  }

  private Path launcher() {
    return checkout.resolve("node/bin/divvy");
  }

  private String run(String... arguments) throws Exception {
    return end(start(launcher(), arguments));
  }

  private Process start(Path launcher, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
    builder.environment().remove("DIVVY_JAVA_OPTS");
    builder.environment().put("JAVA_HOME", temp.resolve("jdk").toString());
    builder.environment().put("MAVEN_CALLS", temp.resolve("calls").toString());
    builder.environment().put("XDG_CACHE_HOME", temp.resolve("cache").toString());
    builder.environment().merge("PATH", "", (path, none) -> temp.resolve("tools") + ":" + path);
    return builder.start();
  }

  /** What the program printed, once it has ended well. */
  private static String end(Process start) throws Exception {
    if (!start.waitFor(60, TimeUnit.SECONDS)) {
      start.destroyForcibly();
    }
    String told = new String(start.getErrorStream().readAllBytes(), UTF_8);
    assertThat(start.exitValue()).describedAs(told).isZero();
    return new String(start.getInputStream().readAllBytes(), UTF_8).strip();
  }

  private long builds() throws IOException {
    try (Stream<String> calls = Files.lines(temp.resolve("calls"))) {
      return calls.count();
    }
  }

  private Path onlyBuild() throws IOException {
    try (Stream<Path> builds = Files.list(checkout.resolve(".divvy/builds"))) {
      List<Path> all = builds.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private static void later(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
  }

  private static Path checkoutIn(Path folder) throws IOException {
    Files.createDirectories(folder.resolve(".mvn"));
    Files.createDirectories(folder.resolve("node/src/main/java"));
    Files.writeString(folder.resolve("pom.xml"), "<project/>");
    Files.writeString(folder.resolve("node/pom.xml"), "<project/>");
    Files.writeString(folder.resolve("node/src/main/java/Main.java"), "class Main {}");
    Files.writeString(folder.resolve("node/src/main/java/Other.java"), "class Other {}");
    Path root = Path.of(System.getProperty("divvy.root"));
    script(folder.resolve("node/bin/divvy"), Files.readString(root.resolve("node/bin/divvy")));
    return folder;
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardOpenOption.CREATE);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
