package io.divvy.coordinator.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a journal from its beginning, a group at a time, also while another process writes it. */
public final class JournalReader implements Closeable {

  private final Path file;
  private final Groups groups;
  private final Head head;

  private JournalReader(Path file, Groups groups, Head head) {
    this.file = file;
    this.groups = groups;
    this.head = head;
  }

  /**
   * Opens the journal of a folder; empty when nothing was committed to it yet.
   *
   * @throws JournalException when it is damaged or no journal
   */
  public static Optional<JournalReader> open(Path folder) throws IOException {
    Path file = JournalFolder.file(folder);
    Groups groups = new Groups(file);
    boolean opened = false;
    try {
      byte[] head = groups.next();
      if (head == null) {
        return Optional.empty();
      }
      JournalReader reader = new JournalReader(file, groups, head(file, head));
      opened = true;
      return Optional.of(reader);
    } finally {
      if (!opened) {
        groups.close();
      }
    }
  }

  public Head head() {
    return head;
  }

  /**
   * What one commit wrote; empty at the end.
   *
   * @throws JournalException when it is damaged
   */
  public Optional<List<Entry>> next() throws IOException {
    long begin = groups.end();
    byte[] body = groups.next();
    if (body == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Form.entries(body));
    } catch (IOException e) {
      throw Groups.damaged(file, begin, e);
    }
  }

  /** Where what was read ends, in bytes. */
  long end() {
    return groups.end();
  }

  @Override
  public void close() throws IOException {
    groups.close();
  }

  private static Head head(Path file, byte[] bytes) throws JournalException {
    try {
      return Form.head(bytes);
    } catch (IOException e) {
      throw new JournalException(
          file + " cannot be resumed: " + e.getMessage() + "; run the job without --resume", e);
    }
  }
}
