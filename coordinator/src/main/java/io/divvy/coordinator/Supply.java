package io.divvy.coordinator;

import io.divvy.coordinator.account.Account;
import io.divvy.coordinator.ledger.InFlight;
import io.divvy.coordinator.ledger.Ledger;
import io.divvy.coordinator.share.Straggler;
import io.divvy.protocol.Chunk;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToWorker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Keeps the slots of a run supplied: tells workers and agents what {@link Dealing} decides, and the
 * account what that means for each slot. Times are nanoseconds of the coordinator's clock.
 */
final class Supply {

  /**
   * So long what failed waits for a node that has no slot of the run at the moment: one that is
   * free answers at once, and one that others keep busy should not keep the item from its retry.
   */
  static final long ELSEWHERE = TimeUnit.SECONDS.toNanos(1);

  private final RunSettings settings;
  private final Ledger<String> ledger;
  private final Dealing dealing;
  private final Account account;
  private final Crew crew;
  private boolean stopped;
  private boolean waiting;
  private long waitsUntil;

  Supply(RunSettings settings, Ledger<String> ledger, Dealing dealing, Account account, Crew crew) {
    this.settings = settings;
    this.ledger = ledger;
    this.dealing = dealing;
    this.account = account;
    this.crew = crew;
  }

  /** Nothing is given to anybody any more, and everybody stops after the item in hand. */
  void stop() {
    stopped = true;
    for (InFlight<String> attempt : ledger.inFlight()) {
      Slot slot = crew.holder(attempt.attempt());
      if (slot != null) {
        long end = attempt.left().to();
        slot.tell(new ToWorker.StopEarly(settings.run(), slot.grant, attempt.attempt(), 0, end));
      }
    }
    askForSlots();
  }

  /** The slot is the run's from now on. */
  void join(Slot slot, long now) {
    account.granted(slot.key, now);
    account.idle(slot.key, now, ledger.queued() > 0);
    dealing.joined(slot.key, slot.member.name());
  }

  /** The slot is the run's no more. Answers for how long it computed what nobody will hear of. */
  long leave(Slot slot, boolean died, long now) {
    long dead = died || !slot.releasing ? account.released(slot.key, now, died) : 0;
    dealing.left(slot.key);
    return dead;
  }

  /** An item failed and is to be tried again, on another node first. */
  void failed(long now) {
    waitsUntil = now + ELSEWHERE;
    if (!waiting) {
      waiting = true;
      askForSlots();
    }
  }

  /** Nodes without a slot that may have one in a moment, while something waits for them. */
  private Set<String> comers(long now) {
    waiting = waiting && now - waitsUntil < 0;
    if (!waiting || dealing.slots() >= dealing.mostWorkers()) {
      return Set.of();
    }
    boolean more = crew.working() < mostNodes();
    return crew.able().stream()
        .filter(member -> more || member.held() > 0)
        .map(Member::name)
        .collect(Collectors.toSet());
  }

  /** Gives the slot what it may hold; answers whether that was anything. */
  boolean feed(Slot slot, long now) {
    if (stopped || !slot.isHeld() || slot.releasing || !slot.member.canWork()) {
      return false;
    }
    boolean wasIdle = slot.attempts.isEmpty();
    List<Chunk> chunks = dealing.deal(slot.key, slot.attempts.size(), comers(now));
    for (Chunk chunk : chunks) {
      slot.attempts.put(chunk.attempt(), now);
    }
    if (!chunks.isEmpty()) {
      if (wasIdle) {
        account.assigned(slot.key, now);
      }
      slot.tell(new ToWorker.Assign(settings.run(), slot.grant, slot.taken, chunks));
    } else if (slot.attempts.isEmpty()) {
      account.idle(slot.key, now, ledger.queued() > 0);
    }
    return !chunks.isEmpty();
  }

  /** Gives every slot that has nothing what there is; then asks busy ones to share. */
  void feedIdle(long now) {
    crew.idle().forEach(slot -> feed(slot, now));
    balance();
  }

  /** Asks the slots with the most time left to stop early for those that have nothing. */
  void balance() {
    if (stopped) {
      return;
    }
    for (Straggler cut : dealing.cuts()) {
      Slot slot = crew.holder(cut.attempt());
      Optional<InFlight<String>> attempt = ledger.inFlight(cut.attempt());
      if (slot != null && attempt.isPresent()) {
        slot.tell(
            new ToWorker.StopEarly(
                settings.run(), slot.grant, cut.attempt(), cut.keep(), attempt.get().left().to()));
      } else {
        dealing.answered(cut.attempt(), false);
      }
    }
    if (dealing.nothingToShare()) {
      for (Slot slot : crew.idle()) {
        // The account goes on: until the end of the run this slot is idle for want of work.
        slot.releasing = true;
        slot.tell(new ToWorker.Release(settings.run(), slot.grant));
        dealing.left(slot.key);
      }
    }
  }

  /**
   * Whether this slot is to be taken when its node offers it. The offer may be the answer to what
   * the run wanted a moment ago, before others came first or the work ran out.
   */
  boolean wants(Slot slot) {
    Member member = slot.member;
    return !stopped
        && member.canWork()
        && dealing.canUse(slot.key)
        && crew.held() < dealing.mostWorkers()
        && (member.held() > 0 || crew.working() < mostNodes());
  }

  private int mostNodes() {
    return settings.nodes().orElse(Integer.MAX_VALUE);
  }

  /** Tells every agent how many of its slots the run could use. */
  void askForSlots() {
    List<Member> able = new ArrayList<>(crew.able());
    // Those that work already come first, so that a limit on nodes does not move the run about.
    able.sort(Comparator.comparing(member -> member.held() == 0));
    boolean more = !stopped && dealing.canUseMore();
    List<Integer> asked =
        Spread.over(
            able.stream().map(member -> member.info.slots()).toList(),
            dealing.mostWorkers(),
            mostNodes());
    for (int i = 0; i < able.size(); i++) {
      Member member = able.get(i);
      int slots = more ? asked.get(i) : Math.min(asked.get(i), member.held());
      member.agent.tell(new ToAgent.Want(settings.run(), slots));
    }
  }
}
