package io.divvy.coordinator.event;

import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.util.List;

/** Something that happened in a run, in the order in which the coordinator learned of it. */
public sealed interface JobEvent {

  /** Raised when a listener written for an older stream could misread a newer one. */
  int VERSION = 1;

  /** The run begins; no slot is granted yet. The items of a list are not known yet: -1. */
  record Started(RunKey run, long items) implements JobEvent {}

  /** A node takes part. */
  record NodeJoined(NodeInfo node) implements JobEvent {}

  /** A node cannot take part. */
  record NodeRefused(String node, String why) implements JobEvent {}

  /**
   * A node no longer takes part.
   *
   * @param why the evidence, in words
   * @param expected whether it left in good order, having given back its work
   * @param details what that cost, to stand behind the evidence; empty when nothing
   * @param again what it had in hand and is handed out again, as indices
   * @param secondsLost how long its slots computed what nobody heard of; -1 when nobody can tell
   */
  record NodeGone(
      String node,
      String why,
      boolean expected,
      String details,
      List<Interval> again,
      double secondsLost)
      implements JobEvent {
    public NodeGone {
      again = List.copyOf(again);
    }

    /** One that had nothing in hand, as far as anyone can tell. */
    public NodeGone(String node, String why, boolean expected, String details) {
      this(node, why, expected, details, List.of(), -1);
    }
  }

  /** The first slot is granted: the run's clock starts. */
  record Granted() implements JobEvent {}

  /** A stretch of items was counted. */
  record Counted(NodeInfo node, int worker, Interval interval, Durations durations)
      implements JobEvent {}

  /** How far the run is; sent a few times a second while it lasts. */
  record Progressed(long done, long failed, long items, int nodes, int workers)
      implements JobEvent {}

  /**
   * How far a download is; sent a few times a second while it lasts.
   *
   * @param read how many items of the list are known by now
   * @param listRead whether these are all
   * @param bytes of finished files and of those under way
   * @param secondsLeft as things go, or -1 when nobody can tell
   * @param slowest the transfers that have been under way longest, the oldest first
   */
  record Downloading(
      long done,
      long failed,
      long read,
      boolean listRead,
      long bytes,
      double bytesPerSecond,
      double secondsLeft,
      int nodes,
      int transfers,
      List<Transferring> slowest)
      implements JobEvent {
    public Downloading {
      slowest = List.copyOf(slowest);
    }
  }

  /**
   * A transfer under way.
   *
   * @param bytes received so far
   * @param length of how many, or -1 when unknown
   */
  record Transferring(String url, String node, long bytes, long length, double seconds) {}

  /** Work is handed out once more. */
  record Retried(Interval interval, String why) implements JobEvent {}

  /** An item has no value, and its retries are used up. */
  record ItemFailed(long index, String message, String stackTrace) implements JobEvent {}

  /** A worker was asked to stop early, and gave back what lay behind {@code end}. */
  record CutShort(String node, int worker, Interval given) implements JobEvent {}

  /** A result came for items that were counted before; it was dropped. */
  record DuplicateDropped(String node, Interval interval) implements JobEvent {}

  /** An item did not stop when it was interrupted; its worker has a new thread. */
  record ThreadAbandoned(String node, int worker, String what) implements JobEvent {}

  /** The run is to end, and this item does not stop; the run ends without it. */
  record Deaf(String item) implements JobEvent {}

  /**
   * Somebody elsewhere wants the run to end. Told once; whoever leads the run ends it.
   *
   * @param by who, in words
   * @param node the node that was asked
   */
  record CancelAsked(String by, String node) implements JobEvent {}

  /** The run is over. */
  record Finished(String status, double seconds) implements JobEvent {}
}
