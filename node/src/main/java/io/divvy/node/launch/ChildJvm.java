package io.divvy.node.launch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node JVM that this command started: the same program, the same Java, the same class path. */
public final class ChildJvm {
  private static final Logger LOG = LoggerFactory.getLogger(ChildJvm.class);
  private static final String MAIN = "io.divvy.node.Main";
  private static final String HANDSHAKE = "{\"schema\":\"divvy.node/";
  private static final int LINES_KEPT = 20;
  private static final int LONGEST_LINE = 4000;
  private static final Path SHELL = Path.of("/bin/sh");

  private final String name;
  private final Process process;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<NodeAddress> ready = new CompletableFuture<>();
  private final CompletableFuture<Death> death = new CompletableFuture<>();

  private ChildJvm(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /** A child could not start; the message is one line. */
  public static final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
      super(message);
    }
  }

  /**
   * Starts a JVM and does not wait for it.
   *
   * @param deadline how long it has until it is ready; later it is killed
   */
  public static ChildJvm start(ChildOptions options, Duration deadline) throws IOException {
    return start(MAIN, options, deadline);
  }

  static ChildJvm start(String mainClass, ChildOptions options, Duration deadline)
      throws IOException {
    Process process =
        new ProcessBuilder(command(mainClass, options)).redirectErrorStream(true).start();
    ChildJvm child = new ChildJvm(options.name(), process);
    Thread reader = new Thread(child::read, "divvy-child-" + options.name());
    reader.setDaemon(true);
    reader.start();
    CompletableFuture<NodeAddress> unused =
        child
            .ready
            .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (address, failure) -> {
                  if (failure != null) {
                    process.destroyForcibly();
                  }
                });
    return child;
  }

  static List<String> command(String mainClass, ChildOptions options) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SHELL)) {
      // Ctrl-C reaches every process of the terminal; the child's end is for the parent to decide.
      command.addAll(List.of(SHELL.toString(), "-c", "trap '' INT HUP; exec \"$@\"", "divvy"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JvmFlags.forChild(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    options.heap().ifPresent(heap -> command.add("-Xmx" + heap));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of("node", "--child", "--name", options.name()));
    command.addAll(List.of("--workers", Integer.toString(options.workers())));
    command.addAll(List.of("--host", options.host()));
    command.addAll(options.arguments());
    return command;
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Completes when it can take work; fails with a {@link StartException} when it ended before, and
   * with a {@link java.util.concurrent.TimeoutException} when it took too long.
   */
  public CompletionStage<NodeAddress> ready() {
    return ready.copy();
  }

  /** Completes when it is gone, whatever the reason. */
  public CompletionStage<Death> death() {
    return death.copy();
  }

  /**
   * Ends all of them and returns when none of them is left.
   *
   * <p>By force, since a child has nothing to put in order, and a JVM that is to end by itself
   * waits a third of a second for its threads that listen to the network.
   */
  public static void stop(Collection<ChildJvm> children) throws InterruptedException {
    children.forEach(child -> child.process.destroyForcibly());
    for (ChildJvm child : children) {
      child.process.waitFor();
    }
  }

  /** Reads what it prints until it is gone; so it never waits for us, and nothing is lost. */
  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        hear(line);
      }
    } catch (IOException e) {
      LOG.debug("Reading what [{}] prints ended: {}", name, e.toString());
    }
    end();
  }

  private void hear(String line) {
    Optional<NodeAddress> address = line.startsWith(HANDSHAKE) ? handshake(line) : Optional.empty();
    if (address.isPresent()) {
      ready.complete(address.get());
      return;
    }
    String kept = line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
    LOG.info("[{}] says: {}", name, kept);
    lastLines.addLast(kept);
    if (lastLines.size() > LINES_KEPT) {
      lastLines.removeFirst();
    }
  }

  static Optional<NodeAddress> handshake(String line) {
    try {
      JsonNode node = JsonMapper.builder().build().readTree(line);
      return node.path("address").isTextual()
          ? Optional.of(
              new NodeAddress(
                  node.path("name").asText(),
                  node.path("address").asText(),
                  node.path("pid").asLong()))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private void end() {
    // Its output may end a moment before it does.
    CompletableFuture<Void> unused = process.onExit().thenAccept(this::onEnd);
  }

  private void onEnd(Process ended) {
    Death how = new Death(ended.exitValue(), List.copyOf(lastLines));
    LOG.info("[{}], pid [{}], {}", name, ended.pid(), how.words());
    ready.completeExceptionally(
        new StartException("node " + name + " did not start: " + how.text()));
    death.complete(how);
  }
}
