package io.divvy.coordinator.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that are not forced to disk: a thousand of them would take a minute. */
final class HastyDisk {
  private HastyDisk() {}

  static Disk.Output open(Path file, long length) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(length);
    channel.position(length);
    return new Disk.Output() {
      @Override
      public void commit(ByteBuffer... bytes) throws IOException {
        for (ByteBuffer each : bytes) {
          channel.write(each);
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
