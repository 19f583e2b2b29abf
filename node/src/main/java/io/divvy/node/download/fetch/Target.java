package io.divvy.node.download.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the bytes of one URL go. Called by the one thread that fetches it, and each stream is
 * closed before the fetch ends, whichever way. What it throws ends the transfer; a {@link
 * FullException} says that no other would do better.
 */
public interface Target {
  /** What is there of an earlier attempt. */
  Optional<Partial> partial() throws IOException;

  /** All of the file follows: what was there is dropped. */
  OutputStream begin(Facts facts) throws IOException;

  /** What follows goes behind the {@link #partial} bytes. */
  OutputStream resume(Facts facts) throws IOException;

  /** There is no room for more. The message is one line. */
  final class FullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With what the disk said. */
    public FullException(String message, IOException cause) {
      super(message, cause);
    }
  }

  /**
   * The start of a file.
   *
   * @param bytes how many there are
   * @param length of the whole file, if the server said it
   * @param validator that of the {@link Facts} the bytes came with
   * @param finalUrl likewise
   */
  record Partial(long bytes, OptionalLong length, String validator, URI finalUrl) {}
}
