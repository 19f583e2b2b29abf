package io.divvy.coordinator;

import io.divvy.protocol.ToWorker;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A slot of a node as one coordinator sees it: the grant it holds, and what is under way there. */
final class Slot {

  final Member member;

  /** Counts from 1 within the node. */
  final int number;

  final String key;

  /** When the lease of each attempt under way was last renewed, in the order of assignment. */
  final Map<Long, Long> attempts = new LinkedHashMap<>();

  /** The parts of a payload that is not yet complete. */
  final ByteArrayOutputStream parts = new ByteArrayOutputStream();

  long grant = -1;
  long sequence;

  /** Up to this message, results are safe: nobody need send them again. */
  long taken;

  boolean releasing;
  private @Nullable ActorRef<ToWorker> worker;

  Slot(Member member, int number) {
    this.member = member;
    this.number = number;
    this.key = member.name() + "/" + number;
  }

  /** The slot is the run's, until {@link #end}. */
  void begin(long grant, ActorRef<ToWorker> worker) {
    this.grant = grant;
    this.worker = worker;
    this.sequence = 0;
    this.taken = 0;
    this.releasing = false;
    attempts.clear();
    parts.reset();
  }

  void end() {
    worker = null;
    releasing = false;
    attempts.clear();
    parts.reset();
  }

  boolean isHeld() {
    return worker != null;
  }

  /** Held, and with nothing under way. */
  boolean isIdle() {
    return worker != null && !releasing && attempts.isEmpty();
  }

  void tell(ToWorker message) {
    if (worker != null) {
      worker.tell(message);
    }
  }
}
