package io.divvy.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The terminals of a user who has a folder of nodes to himself: in each the program runs in a JVM
 * of its own. What was started, and what that started, is killed after each test; of a test that
 * failed all that was said and logged is told.
 */
final class Terminals implements BeforeEachCallback, AfterEachCallback {

  /** Time means nothing here: the machine may be busy with something else altogether. */
  private static final List<String> PATIENT =
      List.of(
          "divvy.command.start-timeout = 2 minutes",
          "divvy.command.reach-timeout = 1 minute",
          "divvy.leases.duration = 20s",
          "divvy.leases.silence = 1 minute",
          "divvy.node.drain-timeout = 1 minute",
          "divvy.progress.line-interval = 100ms");

  private static final Path PROC = Path.of("/proc");

  private final List<String> flagsOfAll;
  private final List<Running> started = new CopyOnWriteArrayList<>();
  private final Thread lastResort = new Thread(this::killAll);
  private @Nullable Path home;

  Terminals() {
    this(List.of());
  }

  private Terminals(List<String> flagsOfAll) {
    this.flagsOfAll = flagsOfAll;
  }

  /**
   * Terminals in which nothing computes, for tests that wait and fetch: what the second compiler of
   * their JVMs makes would be used for seconds, and takes a tenth of the processor's time.
   */
  static Terminals ofWhoWait() {
    return new Terminals(List.of("-XX:TieredStopAtLevel=1"));
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    home = Files.createTempDirectory("divvy-it");
    Files.createDirectory(scratch());
    config();
    Runtime.getRuntime().addShutdownHook(lastResort);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    List<String> story = context.getExecutionException().isPresent() ? story() : List.of();
    killAll();
    Runtime.getRuntime().removeShutdownHook(lastResort);
    story.forEach(System.err::println);
    try (Stream<Path> files = Files.walk(home())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    started.clear();
  }

  /** Settings for all that is started from now on, over those that make everybody patient. */
  void config(String... lines) throws IOException {
    List<String> all = new ArrayList<>(PATIENT);
    all.addAll(List.of(lines));
    Files.write(configFile(), all);
  }

  /** Starts a command and does not wait. */
  Running start(String... words) throws IOException {
    return start(List.of(), List.of(), words);
  }

  /** Starts a command in a JVM with these flags. */
  Running startWith(List<String> flags, String... words) throws IOException {
    return start(List.of(), flags, words);
  }

  /** Starts a command that hears SIGINT even when whoever started this JVM has it ignored. */
  Running startInForeground(String... words) throws IOException {
    List<String> env = List.of("env", "--default-signal=INT");
    return start(succeeds(env) ? env : List.of(), List.of(), words);
  }

  /**
   * Starts a command on another host.
   *
   * @param host what goes before it to run it there
   */
  Running startOn(List<String> host, String... words) throws IOException {
    return start(host, List.of(), words);
  }

  /** Runs a command to its end. */
  Running run(String... words) throws IOException {
    Running running = start(words);
    running.awaitExit();
    return running;
  }

  /** Starts a node at a free port and waits until it can take work. */
  Running startNode(String... words) throws IOException {
    Running node = start(joined(List.of("node", "--json", "--port", "0"), words));
    node.awaitReady();
    return node;
  }

  /** Starts a node as a user does who gives no option, and does not wait. */
  Running startBareNode() throws IOException {
    return start("node", "--json");
  }

  /** A port after which {@code count - 1} more are free, too, and which no connection gets. */
  static int freePorts(int count) {
    Random random = new Random();
    for (int tried = 0; tried < 1000; tried++) {
      int first = 20_000 + random.nextInt(10_000);
      if (IntStream.range(first, first + count).allMatch(Terminals::isFree)) {
        return first;
      }
    }
    throw new IllegalStateException("no " + count + " free ports in a row");
  }

  /** Where commands and nodes put what does not fit into their memory. */
  Path scratch() {
    return home().resolve("scratch");
  }

  /** The lines that all programs logged that contain this. */
  List<String> logged(String part) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path log : logs()) {
      Files.readAllLines(log).stream().filter(line -> line.contains(part)).forEach(lines::add);
    }
    return lines;
  }

  /** Waits until a program has logged a line that contains this. */
  void awaitLogged(String part) {
    Waiting.until(
        "a log with '" + part + "'",
        () -> {
          try {
            return !logged(part).isEmpty();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        () -> false);
  }

  /** The processes that live of all that were started here, by a test or by what it started. */
  List<Long> living() {
    return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(this::isOurs).toList();
  }

  /** Whether a process lives; a zombie only waits for somebody to take notice. */
  static boolean lives(long pid) {
    try {
      // The state follows the name, which stands in brackets and may hold anything.
      String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    } catch (IOException e) {
      return !hasProc() && ProcessHandle.of(pid).isPresent();
    }
  }

  /** Starts a command that takes no settings. */
  Running startPlain(String... words) throws IOException {
    return launch(List.of(), List.of(), List.of(words));
  }

  private Running start(List<String> before, List<String> flags, String... words)
      throws IOException {
    return launch(
        before, flags, List.of(joined(List.of(words), "--config", configFile().toString())));
  }

  private Running launch(List<String> before, List<String> flags, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(Installed.java());
    command.addAll(flagsOfAll);
    command.addAll(flags);
    command.add("-Djava.io.tmpdir=" + scratch());
    command.add(Main.class.getName());
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DIVVY_HOME", home().toString());
    builder.environment().remove("DIVVY_JOIN");
    // A proxy of whoever runs the tests is no part of them.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    Running running = new Running(String.join(" ", words), builder.start());
    started.add(running);
    return running;
  }

  private static boolean succeeds(List<String> command) {
    try {
      return new ProcessBuilder(joined(command, "true")).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String[] joined(List<String> words, String... more) {
    return Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new);
  }

  /** Whether somebody takes connections at this port of this machine. */
  static boolean listens(int port) {
    try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private Path home() {
    if (home == null) {
      throw new IllegalStateException("only within a test");
    }
    return home;
  }

  private Path configFile() {
    return home().resolve("test.conf");
  }

  private List<Path> logs() throws IOException {
    Path folder = home().resolve("log");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Known by the environment, which children have from their parents. */
  private boolean isOurs(long pid) {
    if (!hasProc()) {
      return started.stream().flatMap(Running::family).anyMatch(each -> each.pid() == pid);
    }
    try {
      return lives(pid)
          && Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1)
              .contains("DIVVY_HOME=" + home());
    } catch (IOException e) {
      return false; // another user's, or it ended just now
    }
  }

  private static boolean hasProc() {
    return Files.isDirectory(PROC.resolve("self"));
  }

  private void killAll() {
    started.forEach(Running::killFamily);
    // Those whose parent a test killed are nobody's children any more.
    living().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    Waiting.until("all processes are gone", () -> living().isEmpty(), () -> false);
  }

  private List<String> story() {
    List<String> story = new ArrayList<>();
    started.forEach(running -> story.addAll(running.story()));
    try {
      for (Path log : logs()) {
        story.add("==== " + log.getFileName());
        story.addAll(Running.last(Files.readAllLines(log)));
      }
    } catch (IOException | UncheckedIOException e) {
      story.add("cannot read the logs: " + e);
    }
    return story;
  }
}
