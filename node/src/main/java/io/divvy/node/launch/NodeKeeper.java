package io.divvy.node.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node going that has a process of its own: starts it, hands signals on to it, and starts
 * it again when it dies. The node has this process's stdout and stderr, and a pipe from it: when
 * the pipe closes, the node leaves. The other way goes one word only, that the node did something:
 * it deletes a file.
 */
public final class NodeKeeper {

  /** The option that tells a node that it has a keeper, and which file to delete. */
  public static final String KEPT = "--kept";

  /** What a node that has a keeper ends with when the others took it out. */
  public static final int TAKEN_OUT = 76;

  private static final Logger LOG = LoggerFactory.getLogger(NodeKeeper.class);

  private static final int DEATHS = 10;
  private static final Duration LONG_LIFE = Duration.ofSeconds(30);

  private final List<String> arguments;
  private final Consumer<String> tell;
  private final RestartBudget budget = new RestartBudget(DEATHS, LONG_LIFE);
  private final Path mark;
  private Process node;
  private boolean ending;

  private NodeKeeper(List<String> arguments, Consumer<String> tell) throws IOException {
    this.arguments = List.copyOf(arguments);
    this.tell = tell;
    this.mark = Files.createTempFile("divvy-node-", ".idle");
    this.node = launch(this.arguments);
  }

  /**
   * Keeps a node until it ends in good order, or for want of a reason to start it again.
   *
   * @param arguments of the command line, {@code node} the first of them
   * @param tell told what happens, in one line
   * @return the exit code: that of the node when it left, 0 say, or could not even start
   */
  public static int keep(List<String> arguments, Consumer<String> tell)
      throws IOException, InterruptedException {
    NodeKeeper keeper = new NodeKeeper(arguments, tell);
    Runtime.getRuntime().addShutdownHook(new Thread(keeper::end, "divvy-keeper"));
    try {
      return keeper.keep();
    } finally {
      progressed(keeper.mark); // nobody reads it any more
    }
  }

  private int keep() throws IOException, InterruptedException {
    boolean first = true;
    while (true) {
      long begin = System.nanoTime();
      int code = node.waitFor();
      synchronized (this) {
        if (ending) {
          break;
        }
        if (!startsAgain(code, first)) {
          return code;
        }
        Death death = new Death(code, List.of());
        String how = code == TAKEN_OUT ? "taken out by the others" : death.words();
        if (Files.notExists(mark)) {
          budget.progressed();
        }
        Duration lived = Duration.ofNanos(System.nanoTime() - begin);
        if (!budget.died(lived, death.fromOutside())) {
          tell.accept(
              "divvy: the node is gone: "
                  + how
                  + "; it died too often without a result, and is not started again");
          return code;
        }
        tell.accept("divvy: the node is gone: " + how + "; it is started again");
        node = launch(again(arguments));
      }
      first = false;
    }
    Thread.sleep(Long.MAX_VALUE); // the hook ends the JVM
    return 0;
  }

  /**
   * Whether a node that ended so is to be started again: not when it left, and not when what it was
   * asked for cannot be.
   *
   * @param first whether it was never started again
   */
  static boolean startsAgain(int code, boolean first) {
    return switch (code) {
      case 0, 2 -> false;
      case 3 -> !first;
      default -> true;
    };
  }

  /** Who comes back founds no cluster of his own. */
  private static List<String> again(List<String> arguments) {
    return arguments.stream().filter(word -> !word.equals("--found")).toList();
  }

  /**
   * Tells the keeper that this node did something worth its start.
   *
   * @param mark the file that the node was given
   */
  public static void progressed(Path mark) {
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      LOG.warn("[{}] cannot be deleted; the keeper may lose patience: {}", mark, e.getMessage());
    }
  }

  private Process launch(List<String> words) throws IOException {
    if (Files.notExists(mark)) {
      Files.createFile(mark);
    }
    Stream<String> kept = Stream.of(KEPT, mark.toString());
    return SameProgram.with(Stream.concat(words.stream(), kept).toList())
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Runs when this JVM is told to end: so is the node, and what it ends with counts. */
  private void end() {
    Process last;
    synchronized (this) {
      ending = true;
      last = node;
    }
    last.destroy();
    progressed(mark); // nobody reads it any more
    try {
      Runtime.getRuntime().halt(last.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
