package io.divvy.node.download.transfer;

import io.divvy.protocol.HandOut;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Fetches files of one download. Called by many threads at once. */
public interface Fetcher extends AutoCloseable {

  /** Whether DIR here is the command's own: the token was seen in it. */
  boolean sharesDirectory();

  /**
   * Fetches a file, verifies it, and puts it where it belongs: in DIR, or on this node. Leaves
   * nothing behind when it fails or is cancelled.
   *
   * @throws IOException for what has no better words; another try may succeed
   */
  Fetched fetch(HandOut handOut, Control control) throws IOException, InterruptedException;

  /** The download is over on this node, and nothing is being fetched. */
  @Override
  void close() throws IOException;

  /**
   * What came of it.
   *
   * @param file where the file is on this node; null when there is none. It is deleted once it was
   *     streamed back, and only then.
   */
  record Fetched(Tried tried, @Nullable Path file) {}

  /** How a transfer and the node hear of each other. */
  interface Control {

    /** So many bytes were received so far; {@code length} is of how many, or -1. */
    void moved(long bytes, long length);

    /** All bytes have come: the connection is free, and the rest happens on this machine. */
    void landed();

    /**
     * A server sent the transfer on: its connection is free, and it waits until it may have one to
     * this host.
     *
     * @param host HOST:PORT
     */
    void crossTo(String host) throws InterruptedException;

    /** Waits as long as the limit on bytes demands before so many are received. */
    void take(int bytes) throws InterruptedException;

    /** What to close, from another thread, to end the transfer at once; at once when it is over. */
    void onCancel(Runnable close);

    boolean isCancelled();
  }
}
