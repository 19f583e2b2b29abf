package io.divvy.protocol;

import java.util.List;

/**
 * What the coordinator of a download hears from the transfers of nodes. {@code node} is a node's
 * name; a {@code stamp} is a reading of its monotonic clock, which leases count from.
 */
public sealed interface ToDownload extends WireMessage {

  RunKey run();

  String node();

  /**
   * The node takes part.
   *
   * @param sharesDirectory whether it sees the token in DIR, so that nothing need be copied
   * @param memoryBytes the memory of its process (PSS), or -1 when the machine does not tell
   */
  record Registered(RunKey run, String node, long stamp, boolean sharesDirectory, long memoryBytes)
      implements ToDownload {}

  /** The node cannot take part. */
  record Refused(RunKey run, String node, String why) implements ToDownload {}

  /** What came of these attempts; sent again until acknowledged. */
  record Ended(RunKey run, String node, long stamp, List<Report> reports) implements ToDownload {
    public Ended {
      reports = List.copyOf(reports);
    }
  }

  /**
   * All bytes of an attempt's file have come, and its connection is free; what is left is to verify
   * and to place it. Said once: when it is lost, the attempt's end says it too.
   */
  record Landed(RunKey run, String node, long attempt) implements ToDownload {}

  /**
   * A server sent the attempt on to another host. It has no connection any more, and waits until it
   * is told to {@code GoOn}; said again until then.
   *
   * @param hop how often it was sent on to another host, this time included
   * @param host HOST:PORT
   */
  record Redirected(RunKey run, String node, long attempt, int hop, String host)
      implements ToDownload {}

  /**
   * What came of one attempt.
   *
   * @param item the index in the list
   */
  record Report(long attempt, long item, Tried tried) {}

  /**
   * The node lives, and holds these attempts.
   *
   * @param memoryBytes the memory of its process (PSS), or -1 when the machine does not tell
   */
  record Alive(RunKey run, String node, long stamp, List<Moving> moving, long memoryBytes)
      implements ToDownload {
    public Alive {
      moving = List.copyOf(moving);
    }
  }

  /** How far a transfer is: the bytes received so far, of how many, or -1 when unknown. */
  record Moving(long attempt, long bytes, long length) {}

  /**
   * A part of a file that is streamed back. Parts are taken in order only; from the first that is
   * missing on they are sent again.
   *
   * @param offset where in the file the bytes begin
   */
  record Part(RunKey run, String node, long attempt, long offset, byte[] bytes)
      implements ToDownload {
    /** The most bytes of one part; well below the frame limit. */
    public static final int MOST_BYTES = 128 * 1024;

    /** How many bytes of one file may be on their way and not yet safe. */
    public static final int WINDOW_BYTES = 2 * 1024 * 1024;
  }

  /** The node leaves of its own will: it closes what it holds, and takes nothing more. */
  record Departing(RunKey run, String node) implements ToDownload {}

  /** The node left, or the download is over there; it holds no transfers any more. */
  record Departed(RunKey run, String node) implements ToDownload {}

  /**
   * Somebody asked the node to have this run ended, as the first Ctrl-C in its terminal does.
   *
   * @param by who, in words
   */
  record Cancelled(RunKey run, String node, String by) implements ToDownload {
    public Cancelled {
      by = OneLine.of(by);
    }
  }
}
