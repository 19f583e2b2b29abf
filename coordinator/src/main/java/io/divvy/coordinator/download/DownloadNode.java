package io.divvy.coordinator.download;

import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.ToDownload.Moving;
import io.divvy.protocol.ToTransfers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** A node as the coordinator of a download sees it; owned by that coordinator. */
final class DownloadNode {

  /** How far a node takes part. */
  enum State {
    /** Asked to register, again and again. */
    ASKED,
    /** Takes part. */
    REGISTERED,
    /** Silent or cut off; what it holds it holds until its leases end, and it may wake up. */
    LOST,
    /** Its process ended, it left, or it refused: it does not come back under this name. */
    GONE
  }

  final NodeInfo info;
  final ActorRef<ToTransfers> transfers;
  State state = State.ASKED;
  boolean sharesDirectory;
  boolean departing;

  /** Whether it was ever handed anything. */
  boolean worked;

  /** The latest reading of its clock, which leases count from, and when it was heard. */
  long stamp;

  long heardAt;
  long memoryBytes = -1;
  Map<Long, Moving> moving = Map.of();

  DownloadNode(NodeInfo info, ActorRef<ToTransfers> transfers, long now) {
    this.info = info;
    this.transfers = transfers;
    this.heardAt = now;
  }

  String name() {
    return info.name();
  }

  boolean isRegistered() {
    return state == State.REGISTERED;
  }

  void heard(long reading, long now) {
    stamp = reading;
    heardAt = now;
  }

  void moves(List<Moving> transfersOfIts) {
    Map<Long, Moving> byAttempt = new HashMap<>();
    transfersOfIts.forEach(each -> byAttempt.put(each.attempt(), each));
    moving = byAttempt;
  }
}
