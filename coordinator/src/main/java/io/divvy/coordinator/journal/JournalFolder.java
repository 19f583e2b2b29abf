package io.divvy.coordinator.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder of a journal: the journal itself, and a file that is locked by whoever leads the run,
 * with its process id in it.
 */
final class JournalFolder implements AutoCloseable {

  // A process that closes any channel of a file loses its locks on it, so within one JVM the lock
  // file is not even opened a second time.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel lock;

  private JournalFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  static Path file(Path folder) {
    return folder.resolve("journal");
  }

  /**
   * Makes the folder if need be and locks it.
   *
   * @throws JournalException when another process has it
   */
  static JournalFolder lock(Path given) throws IOException {
    Path folder = Files.createDirectories(given).toRealPath();
    if (!HELD.add(folder)) {
      throw taken(folder, "this process");
    }
    boolean locked = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              lockFile(folder),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      FileLock held = channel.tryLock();
      if (held == null) {
        throw taken(folder, process(channel));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
          0);
      locked = true;
      return new JournalFolder(folder, channel);
    } finally {
      if (!locked) {
        HELD.remove(folder);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  Path folder() {
    return folder;
  }

  Path file() {
    return file(folder);
  }

  /** Deletes the journal, and the folder if nothing else is in it. */
  void delete() throws IOException {
    Files.deleteIfExists(file());
    Files.deleteIfExists(lockFile(folder));
    try (var others = Files.list(folder)) {
      if (others.findAny().isPresent()) {
        return;
      }
    }
    Files.deleteIfExists(folder);
  }

  @Override
  public void close() throws IOException {
    try {
      lock.close();
    } finally {
      HELD.remove(folder);
    }
  }

  private static Path lockFile(Path folder) {
    return folder.resolve("lock");
  }

  private static String process(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    return pid.isEmpty() ? "another process" : "the process " + pid;
  }

  private static JournalException taken(Path folder, String by) {
    return new JournalException(
        "the journal " + folder + " is in use by " + by + "; wait for its end, or end it");
  }
}
