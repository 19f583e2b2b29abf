package io.divvy.protocol;

import org.apache.pekko.actor.typed.ActorRef;

/** What a node's agent hears from commands. */
public sealed interface ToAgent extends WireMessage {

  /** Say who you are and which other nodes you know; say it again whenever those change. */
  record Hello(ActorRef<ToScout> replyTo) implements ToAgent {}

  /** Stop telling me about other nodes. */
  record Goodbye(ActorRef<ToScout> replyTo) implements ToAgent {}

  /**
   * Work for this run; repeated until answered by {@code Registered} or {@code Refused}.
   *
   * @param itemNanos how long an item, or a block of a reduction, may be computed; 0: as long as it
   *     takes
   */
  record Register(RunKey run, JobSpec job, long itemNanos, ActorRef<ToCoordinator> coordinator)
      implements ToAgent {}

  /**
   * How many slots of this node the run could keep busy now, those it holds included. Without it an
   * agent offers nothing; 0 takes the wish back.
   */
  record Want(RunKey run, int slots) implements ToAgent {}

  /** The offered slot is not needed; nothing more is offered until the next {@link Want}. */
  record Decline(RunKey run, int slot, long grant) implements ToAgent {}

  /** The coordinator lives, which every other word of it says as well. */
  record KeepAlive(RunKey run) implements ToAgent {}

  /** The run is over here: stop what it computes and forget it. */
  record Unregister(RunKey run) implements ToAgent {}

  /**
   * Which runs are under way here? Answered by {@code UnderWay}.
   *
   * @param beginning of the ids of those that matter
   */
  record AskRuns(String beginning, ActorRef<ToScout> replyTo) implements ToAgent {}

  /**
   * Somebody wants the run to end: tell its command. Repeated until the run is no longer under way.
   *
   * @param by who, in words
   */
  record Cancel(RunKey run, String by) implements ToAgent {
    public Cancel {
      by = OneLine.of(by);
    }
  }
}
