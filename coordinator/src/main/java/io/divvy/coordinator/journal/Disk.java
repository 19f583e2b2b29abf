package io.divvy.coordinator.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where the bytes of a journal go; tests have one that fills. */
interface Disk {

  /**
   * Appends to {@code file} behind its first {@code length} bytes; what follows them is cut off.
   */
  Output open(Path file, long length) throws IOException;

  /** A file that grows. */
  interface Output extends Closeable {
    /** Appends the bytes; they are safe when it returns. */
    void commit(ByteBuffer... bytes) throws IOException;
  }

  /** The file system. */
  static Disk files() {
    return (file, length) -> {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.truncate(length);
      channel.position(length);
      return new Output() {
        @Override
        public void commit(ByteBuffer... bytes) throws IOException {
          for (ByteBuffer each : bytes) {
            while (each.hasRemaining()) {
              channel.write(each);
            }
          }
          channel.force(false);
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    };
  }
}
