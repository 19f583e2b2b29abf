package io.divvy.node.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final RunKey RUN = RunKey.random();

  private final BlockingQueue<RunKey> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<RunKey> closed = new LinkedBlockingQueue<>();
  private Liveness node;
  private Liveness command;

  @BeforeEach
  void start() throws IOException {
    node = Liveness.listen(HOST, "n1", opened::add, closed::add);
    command = Liveness.links();
  }

  @AfterEach
  void stop() {
    command.close();
    node.close();
  }

  @Test
  void theNodeAnswersWithItsName() throws Exception {
    assertThat(connect(() -> {}).node()).isEqualTo("n1");
  }

  @Test
  void theNodeHearsWhichRunConnectsAndHangsUp() throws Exception {
    Liveness.Link link = connect(() -> {});
    assertThat(opened.poll(5, TimeUnit.SECONDS)).isEqualTo(RUN);
    link.close();
    assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(RUN);
  }

  @Test
  void theCommandHearsOnceThatTheNodeIsGone() throws Exception {
    BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    connect(() -> gone.add("gone"));
    node.close();
    assertThat(gone.poll(5, TimeUnit.SECONDS)).isEqualTo("gone");
    command.close();
    assertThat(gone).isEmpty();
  }

  @Test
  void hangingUpIsNotToldToOneself() throws Exception {
    BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    connect(() -> gone.add("gone")).close();
    assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(RUN);
    assertThat(gone).isEmpty();
  }

  @Test
  void aRunIsGoneOnlyWhenAllItsConnectionsAre() throws Exception {
    Liveness.Link first = connect(() -> {});
    Liveness.Link second = connect(() -> {});
    first.close();
    // A third connection is answered after the first one's closure was seen.
    connectAs(RunKey.random());
    assertThat(closed).isEmpty();
    second.close();
    assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(RUN);
  }

  @Test
  void aKilledProcessIsNoticedWithinASecond() throws Exception {
    Process other =
        new ProcessBuilder(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/127.0.0.1/"
                    + node.port()
                    + "; echo \"divvy-liveness/1 "
                    + RUN
                    + "\" >&3; read -r name <&3; echo $name; read -r forever <&3")
            .start();
    assertThat(other.inputReader().readLine()).isEqualTo("n1");
    long begin = System.nanoTime();
    other.destroyForcibly();
    assertThat(closed.poll(5, TimeUnit.SECONDS)).isEqualTo(RUN);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void aWrongGreetingIsHungUpOn() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("GET / HTTP/1.1\n".getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aGreetingWithoutEndIsHungUpOn() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write("x".repeat(200).getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void nobodyListeningFailsAtOnce() throws Exception {
    int free = Addresses.anyFree(HOST);
    CompletableFuture<Liveness.Link> link =
        command.connect(HOST, free, RUN, PATIENCE, () -> {}).toCompletableFuture();
    assertThatThrownBy(() -> link.get(4, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void whoeverListensButIsNoNodeFailsInTime() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Liveness.Link> link =
          command
              .connect(HOST, mute.getLocalPort(), RUN, Duration.ofMillis(300), () -> {})
              .toCompletableFuture();
      assertThatThrownBy(() -> link.get(5, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void onlyAWholeGreetingNamesARun() {
    RunKey later = new RunKey(RUN.run(), 7);
    assertThat(Liveness.runIn("divvy-liveness/1 " + later)).contains(later);
    assertThat(Liveness.runIn("divvy-liveness/1 " + later + "x")).isEmpty();
    assertThat(Liveness.runIn("divvy-liveness/2 " + later)).isEmpty();
    assertThat(Liveness.runIn("divvy-liveness/1 " + RUN.run() + "#99999999999")).isEmpty();
  }

  private Liveness.Link connect(Runnable onClosed) throws Exception {
    return command
        .connect(HOST, node.port(), RUN, PATIENCE, onClosed)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  private void connectAs(RunKey run) throws Exception {
    command
        .connect(HOST, node.port(), run, PATIENCE, () -> {})
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }
}
