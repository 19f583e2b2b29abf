package io.divvy.node.member;

import io.divvy.node.boot.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that commands of this user lead on this machine: a file for each as long as it lasts, in
 * a folder that only the user can read. A run is cancelled by a second file beside it, which its
 * command looks for; so nobody needs to listen anywhere.
 */
public final class Runs {
  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);
  private static final String UNDER_WAY = ".run";
  private static final String CANCEL = ".cancel";
  private static final long LOOK_MILLIS = 250;

  private final Home home;
  private final Path folder;

  /** Those in the folder of a user; it need not exist. */
  public Runs(Home home) {
    this.home = home;
    this.folder = home.folder().resolve("runs");
  }

  /**
   * A run under way.
   *
   * @param run its id
   * @param pid the process of its command
   * @param what its job, in words
   */
  public record Led(String run, long pid, String what) {}

  /** The command's own run, listed until this is closed. */
  public final class Listed implements AutoCloseable {
    private final Path file;
    private final Path cancel;
    private final Thread looking;

    private Listed(String run, Runnable whenCancelled) {
      this.file = folder.resolve(run + UNDER_WAY);
      this.cancel = folder.resolve(run + CANCEL);
      this.looking = new Thread(() -> look(whenCancelled), "divvy-cancel");
      looking.setDaemon(true);
    }

    private void look(Runnable whenCancelled) {
      try {
        while (!Files.exists(cancel)) {
          Thread.sleep(LOOK_MILLIS);
        }
        whenCancelled.run();
      } catch (InterruptedException e) {
        // The run is over.
      }
    }

    @Override
    public void close() {
      looking.interrupt();
      try {
        Files.deleteIfExists(file);
        Files.deleteIfExists(cancel);
      } catch (IOException e) {
        LOG.warn("Cannot take run [{}] off the list: {}", file, e.toString());
      }
    }
  }

  /**
   * Lists a run of this process.
   *
   * @param whenCancelled called at most once, on a thread of its own
   */
  public Listed list(String run, String what, Runnable whenCancelled) throws IOException {
    home.create();
    Home.create(folder);
    long pid = ProcessHandle.current().pid();
    List<String> lines =
        List.of(
            Long.toString(pid),
            Processes.startOf(pid).orElse(""),
            Processes.space(),
            oneLine(what));
    Listed listed = new Listed(run, whenCancelled);
    Path unfinished = folder.resolve(run + ".new");
    Files.write(unfinished, lines);
    Files.move(unfinished, listed.file, StandardCopyOption.ATOMIC_MOVE);
    listed.looking.start();
    return listed;
  }

  /** The runs under way, in the order of their ids; those of dead commands are taken off. */
  public List<Led> led() throws IOException {
    List<Led> led = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(UNDER_WAY)) {
          read(file, name.substring(0, name.length() - UNDER_WAY.length())).ifPresent(led::add);
        }
      }
    } catch (NoSuchFileException e) {
      // Nobody ever ran anything here.
    }
    return led;
  }

  /** Has the run's command end it, as Ctrl-C does. */
  public void cancel(Led led) throws IOException {
    Files.writeString(folder.resolve(led.run() + CANCEL), "");
  }

  /** Whether the run is still under way. */
  public boolean lasts(Led led) {
    return Files.exists(folder.resolve(led.run() + UNDER_WAY));
  }

  private Optional<Led> read(Path file, String run) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // it ended meanwhile
    }
    if (lines.size() < 4) {
      return Optional.empty();
    }
    long pid = Long.parseLong(lines.get(0));
    boolean ofHere = lines.get(2).equals(Processes.space());
    if (ofHere && !Processes.startOf(pid).filter(lines.get(1)::equals).isPresent()) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder.resolve(run + CANCEL));
      return Optional.empty();
    }
    return Optional.of(new Led(run, pid, lines.get(3)));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }
}
