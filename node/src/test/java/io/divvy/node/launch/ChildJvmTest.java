package io.divvy.node.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChildJvmTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void aChildTellsWhereItIs() throws Exception {
    ChildJvm child = start("ready", LONG);
    assertThat(child.ready().toCompletableFuture().get(30, TimeUnit.SECONDS))
        .isEqualTo(new NodeAddress("p1", "127.0.0.1:4711", child.pid()));
    ChildJvm.stop(List.of(child));
  }

  @Test
  void whenStoppedTheyAreGoneEvenWhenTheyDoNotListen() throws Exception {
    List<ChildJvm> children = IntStream.range(0, 3).mapToObj(i -> startUnchecked("deaf")).toList();
    for (ChildJvm child : children) {
      child.ready().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
    ChildJvm.stop(children);
    assertThat(children).noneMatch(ChildJvm::isAlive);
    assertThat(children.get(0).death().toCompletableFuture().get(30, TimeUnit.SECONDS).words())
        .isEqualTo("killed by SIGKILL");
  }

  @Test
  void oneThatDiesWhileItStartsIsToldWithItsLastWords() {
    ChildJvm child = startUnchecked("fail");
    assertThatThrownBy(() -> child.ready().toCompletableFuture().get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(ChildJvm.StartException.class)
        .hasRootCauseMessage("node p1 did not start: ended with exit code 7: no luck");
  }

  @Test
  void oneThatTakesTooLongIsKilled() throws Exception {
    ChildJvm child = start("silent", Duration.ofMillis(100));
    assertThatThrownBy(() -> child.ready().toCompletableFuture().get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(TimeoutException.class);
    assertThat(child.death().toCompletableFuture().get(30, TimeUnit.SECONDS).words())
        .isEqualTo("killed by SIGKILL");
  }

  @Test
  void theHeapAndTheArgumentsAreInItsCommandLine() {
    List<String> command =
        ChildJvm.command(
            "Main",
            new ChildOptions("p2", 3, "127.0.0.1", Optional.of("256m"), List.of("--config", "f")));
    assertThat(command)
        .contains("-Xmx256m", "-XX:+ExitOnOutOfMemoryError")
        .endsWith(
            "Main",
            "node",
            "--child",
            "--name",
            "p2",
            "--workers",
            "3",
            "--host",
            "127.0.0.1",
            "--config",
            "f");
  }

  @Test
  void flagsThatSayHowItRunsAreKeptAndThoseOfSizeAndDebuggingAreNot() {
    assertThat(
            JvmFlags.forChild(
                List.of(
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    "-XX:SharedArchiveFile=/a.jsa",
                    "-agentlib:jdwp=transport=dt_socket",
                    "-XX:ArchiveClassesAtExit=/b.jsa",
                    "-Ddivvy.node.port=1",
                    "-Dcom.sun.management.jmxremote.port=9")))
        .containsExactly(
            "-XX:+UseSerialGC",
            "-XX:SharedArchiveFile=/a.jsa",
            "-Ddivvy.node.port=1",
            "-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void aDeathIsToldInWords() {
    assertThat(new Death(0, List.of()).words()).isEqualTo("ended with exit code 0");
    assertThat(new Death(143, List.of()).words()).isEqualTo("killed by SIGTERM");
    assertThat(new Death(160, List.of()).words()).isEqualTo("killed by signal 32");
    assertThat(
            new Death(3, List.of("Terminating due to java.lang.OutOfMemoryError: Java heap space"))
                .words())
        .isEqualTo("ran out of memory (exit code 3)");
  }

  @Test
  void aLineThatOnlyBeginsLikeTheHandshakeIsNone() {
    assertThat(ChildJvm.handshake("{\"schema\":\"divvy.node/1\"")).isEmpty();
    assertThat(ChildJvm.handshake("{\"schema\":\"divvy.node/1\"}")).isEmpty();
  }

  private static ChildJvm start(String how, Duration deadline) throws Exception {
    return ChildJvm.start(
        FakeNode.class.getName(),
        new ChildOptions("p1", 1, "127.0.0.1", Optional.of("32m"), List.of(how)),
        deadline);
  }

  private static ChildJvm startUnchecked(String how) {
    try {
      return start(how, LONG);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Behaves like a child, or as badly as the last argument says. */
  static final class FakeNode {
    private FakeNode() {}

    public static void main(String[] arguments) throws Exception {
      String how = arguments[arguments.length - 1];
      long pid = ProcessHandle.current().pid();
      if (how.equals("fail")) {
        System.err.println("no luck");
        System.exit(7);
      }
      if (how.equals("ready") || how.equals("deaf")) {
        System.out.println(
            "{\"schema\":\"divvy.node/1\",\"name\":\"p1\",\"address\":\"127.0.0.1:4711\",\"pid\":"
                + pid
                + "}");
      }
      if (how.equals("ready")) {
        while (System.in.read() >= 0) {
          // waits for the end of the pipe
        }
        Runtime.getRuntime().halt(1);
      }
      Thread.sleep(60_000);
    }
  }
}
