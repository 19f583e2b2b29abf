package io.divvy.node.download.place;

import io.divvy.node.download.list.Mark;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who writes which temporary file, among all JVMs that share the folder: a byte of one lock file
 * stands for each.
 *
 * <p>A lock on the temporary file itself would not do: the file goes away while others wait for it.
 * And as systems drop all locks of a process on a file when it closes any opening of it, a JVM has
 * only one opening of each lock file.
 */
final class Locks implements Closeable {

  private static final Map<Path, Locks> OPENED = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private int users;

  private Locks(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** The locks of that file, which lies at its real path. */
  static Locks open(Path file) throws IOException {
    synchronized (OPENED) {
      Locks locks = OPENED.get(file);
      if (locks == null) {
        locks =
            new Locks(
                file,
                FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS));
        OPENED.put(file, locks);
      }
      locks.users++;
      return locks;
    }
  }

  /** The lock of a temporary file, unless somebody has it. */
  Optional<FileLock> take(Mark key) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock(key.low() >>> 2, 1, false));
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (OPENED) {
      if (--users == 0) {
        OPENED.remove(file);
        channel.close();
      }
    }
  }
}
