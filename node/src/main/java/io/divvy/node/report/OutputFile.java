package io.divvy.node.report;

import io.divvy.node.input.UsageException;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The file of {@code --output}. Lines go to a file with another name beside it, which takes its
 * name when all of them are there: at FILE there is never half an answer.
 *
 * <p>What is no regular file, such as a pipe or a device, is written as it is.
 */
public final class OutputFile implements Closeable {

  private final String name;
  private final Path target;
  private final Path written;
  private final BufferedWriter writer;
  private volatile @Nullable String problem;
  private boolean settled;

  private OutputFile(String name, Path target, Path written, BufferedWriter writer) {
    this.name = name;
    this.target = target;
    this.written = written;
    this.writer = writer;
  }

  /** What is left beside FILE when this JVM dies; empty when it is written as it is. */
  public Optional<Path> unfinished() {
    return written.equals(target) ? Optional.empty() : Optional.of(written);
  }

  /**
   * Makes ready to write.
   *
   * @throws UsageException when nothing can be written there
   */
  public static OutputFile open(String name) throws UsageException {
    try {
      Path path = Path.of(name).toAbsolutePath();
      if (name.isBlank() || Files.isDirectory(path)) {
        throw new UsageException("--output '" + name + "' is a folder; give the name of a file");
      }
      if (Files.exists(path) && (!Files.isRegularFile(path) || path.startsWith("/dev"))) {
        return new OutputFile(name, path, path, writer(path));
      }
      if (Files.exists(path) && !Files.isWritable(path)) {
        throw new UsageException("--output " + name + " is read-only; give another file");
      }
      // Through a link, so that the link stays one.
      Path target = Files.exists(path) ? path.toRealPath() : path;
      String mark = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
      Path written = target.resolveSibling(target.getFileName() + "." + mark + ".tmp");
      return new OutputFile(name, target, written, writer(Files.createFile(written)));
    } catch (IOException | InvalidPathException e) {
      throw new UsageException(
          "--output " + name + " cannot be written: " + why(e) + "; give another file", e);
    }
  }

  // No channel: that would be closed when a thread that writes is interrupted, as workers are.
  private static BufferedWriter writer(Path path) throws IOException {
    return new BufferedWriter(
        new OutputStreamWriter(new FileOutputStream(path.toFile()), StandardCharsets.UTF_8),
        1 << 16);
  }

  /** Why the lines cannot be written, if so. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Adds a line. */
  public void add(String line) throws IOException {
    try {
      writer.write(line);
      writer.write('\n');
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** All lines are there: they appear under the file's name, at once. */
  public void complete() throws IOException {
    settle(target);
  }

  /**
   * No more lines will come, though some are missing: those that are there are kept.
   *
   * @return where
   */
  public String keepPartial() throws IOException {
    if (written.equals(target)) {
      settle(target);
      return name;
    }
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    settle(partial);
    return name + ".partial";
  }

  /** Unless the lines were kept, nothing is left of them. */
  @Override
  public void close() {
    if (settled) {
      return;
    }
    settled = true;
    try {
      writer.close();
    } catch (IOException e) {
      // What could not be written is not wanted any more.
    }
    if (!written.equals(target)) {
      try {
        Files.deleteIfExists(written);
      } catch (IOException e) {
        // It was made in this folder a moment ago; whoever keeps it from us knows of it.
      }
    }
  }

  private void settle(Path place) throws IOException {
    try {
      writer.close();
      if (!written.equals(place)) {
        move(place);
      }
      settled = true;
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private void move(Path place) throws IOException {
    try {
      Files.move(
          written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(written, place, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private IOException unwritable(IOException e) {
    String line = "cannot write " + name + ": " + why(e);
    problem = line;
    return new IOException(line, e);
  }

  private static String why(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "its folder does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
