package io.divvy.coordinator.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Appends to a journal that this process has locked. Used by one thread at a time. */
final class JournalWriter implements Closeable {

  private final JournalFolder folder;
  private final Disk.Output output;
  private long end;

  private JournalWriter(JournalFolder folder, Disk.Output output, long end) {
    this.folder = folder;
    this.output = output;
    this.end = end;
  }

  /** A journal that has its head, and that the run begins, on disk. */
  static JournalWriter create(JournalFolder folder, Disk disk, Head head, Entry.Begun begun)
      throws IOException {
    return open(
        folder,
        disk,
        0,
        writer -> {
          writer.output.commit(ByteBuffer.wrap(Groups.MAGIC));
          writer.end = Groups.MAGIC.length;
          writer.append(Form.bytes(head));
          writer.append(List.of(begun));
        });
  }

  /** A journal of which {@code length} bytes are whole, and that has on disk who goes on. */
  static JournalWriter goOn(JournalFolder folder, Disk disk, long length, Entry.Begun begun)
      throws IOException {
    return open(folder, disk, length, writer -> writer.append(List.of(begun)));
  }

  JournalFolder folder() {
    return folder;
  }

  /** Appends a group; it is safe when this returns. */
  void append(List<Entry> entries) throws IOException {
    append(Form.bytes(entries));
  }

  private void append(byte[] body) throws IOException {
    output.commit(ByteBuffer.wrap(Groups.header(end, body)), ByteBuffer.wrap(body));
    end += Groups.HEADER + body.length;
  }

  /** The folder may be used by others then. */
  @Override
  public void close() throws IOException {
    try {
      output.close();
    } finally {
      folder.close();
    }
  }

  private interface Beginning {
    void write(JournalWriter writer) throws IOException;
  }

  private static JournalWriter open(
      JournalFolder folder, Disk disk, long length, Beginning beginning) throws IOException {
    Disk.Output output = disk.open(folder.file(), length);
    boolean begun = false;
    try {
      JournalWriter writer = new JournalWriter(folder, output, length);
      beginning.write(writer);
      begun = true;
      return writer;
    } finally {
      if (!begun) {
        output.close();
      }
    }
  }
}
