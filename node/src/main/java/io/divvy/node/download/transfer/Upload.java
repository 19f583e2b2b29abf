package io.divvy.node.download.transfer;

import io.divvy.protocol.ToDownload.Part;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Streams a file back, on the transfer's thread; what is lost on the way is sent again. */
final class Upload {

  /** Is given the parts. */
  interface Receiver {
    void part(long offset, byte[] bytes);
  }

  private Upload() {}

  /**
   * Sends the file until all of it was received or the trip is cancelled.
   *
   * @param resend so long without news everything that was not received is sent again
   */
  static void send(Path file, Trip trip, Duration resend, Receiver receiver)
      throws IOException, InterruptedException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long received = trip.received();
      long next = received;
      while (received < size && !trip.isCancelled()) {
        if (next < size && next - received < Part.WINDOW_BYTES) {
          byte[] bytes = read(channel, next, (int) Math.min(Part.MOST_BYTES, size - next));
          receiver.part(next, bytes);
          next += bytes.length;
          received = trip.received();
        } else {
          long before = received;
          received = trip.awaitMoreThan(before, resend.toNanos());
          next = received == before ? received : next;
        }
        next = Math.max(next, received);
      }
    }
  }

  private static byte[] read(FileChannel channel, long offset, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("a file shrank while it was streamed back");
      }
    }
    return bytes.array();
  }
}
