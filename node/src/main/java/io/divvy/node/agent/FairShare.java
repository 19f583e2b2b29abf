package io.divvy.node.agent;

import io.divvy.protocol.RunKey;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Which run gets the next free slot of a node, and which must give one up. Mutable, owned by one
 * actor; time comes in, in nanoseconds of a monotonic clock.
 *
 * <p>Every run has a count of slot-time. The one with the least gets the next slot; one that holds
 * more slots than another that wants one, and is ahead of it by more than the quantum, gives one
 * up. The count of a run that wants more after it did not begins at the least of the others: what
 * it left unused earns it nothing and costs it nothing.
 */
final class FairShare {
  /** The most slot-time a run can be owed: long items of others delay it, but not for ever. */
  static final long MOST_CREDIT_NANOS = 10_000_000_000L;

  private static final class Account {
    private long used;
    private int wanted;
    private int held;
    private int yielding;

    boolean isActive() {
      return held > 0 || wanted > 0;
    }

    boolean isHungry() {
      return wanted > held;
    }

    int kept() {
      return held - yielding;
    }
  }

  private final long quantumNanos;
  private final Map<RunKey, Account> accounts = new LinkedHashMap<>();
  private long at;

  /** What the least active run had used when there last was one. */
  private long floor;

  FairShare(long quantumNanos, long now) {
    this.quantumNanos = quantumNanos;
    this.at = now;
  }

  /** The run could keep this many slots busy, those it holds included. */
  void want(RunKey run, int slots, long now) {
    change(run, now, account -> account.wanted = slots);
  }

  /** The run got a slot. */
  void took(RunKey run, long now) {
    change(run, now, account -> account.held++);
  }

  /** The run was asked to give up a slot, and still holds it. */
  void yielding(RunKey run, long now) {
    change(run, now, account -> account.yielding++);
  }

  /**
   * The run no longer holds a slot it had.
   *
   * @param asked whether it had been asked to give it up
   */
  void gave(RunKey run, boolean asked, long now) {
    change(
        run,
        now,
        account -> {
          account.held--;
          account.yielding -= asked ? 1 : 0;
        });
  }

  /** The run is over here. */
  void forget(RunKey run, long now) {
    advance(now);
    accounts.remove(run);
  }

  /** Who gets the next free slot. */
  Optional<RunKey> next(long now) {
    advance(now);
    return accounts.entrySet().stream()
        .filter(entry -> entry.getValue().isHungry())
        .min(
            Comparator.comparingLong((Map.Entry<RunKey, Account> entry) -> entry.getValue().used)
                .thenComparingInt(entry -> entry.getValue().held))
        .map(Map.Entry::getKey);
  }

  /** Who must give up one slot, when none is free. Slots that are on their way back count. */
  Optional<RunKey> giver(long now) {
    advance(now);
    int coming = accounts.values().stream().mapToInt(account -> account.yielding).sum();
    return accounts.values().stream()
        .filter(Account::isHungry)
        .min(Comparator.comparingLong(account -> account.used))
        .flatMap(
            hungry ->
                accounts.entrySet().stream()
                    .filter(entry -> owes(entry.getValue(), hungry, coming))
                    .max(
                        Comparator.comparingInt(
                                (Map.Entry<RunKey, Account> entry) -> entry.getValue().kept())
                            .thenComparingLong(entry -> entry.getValue().used))
                    .map(Map.Entry::getKey));
  }

  /** Whether a run wants more than it holds: then the answers change as time passes. */
  boolean isContended() {
    return accounts.values().stream().anyMatch(Account::isHungry);
  }

  private boolean owes(Account holder, Account hungry, int coming) {
    return holder.kept() > hungry.kept() + coming && holder.used - hungry.used > quantumNanos;
  }

  private void change(RunKey run, long now, java.util.function.Consumer<Account> change) {
    advance(now);
    Account account = accounts.computeIfAbsent(run, key -> new Account());
    boolean wasHungry = account.isHungry();
    change.accept(account);
    if (account.isHungry() && !wasHungry) {
      long least = others(account).min().orElse(floor);
      account.used = Math.max(account.used, least);
    }
  }

  private java.util.stream.LongStream others(Account account) {
    return active().filter(other -> other != account).mapToLong(other -> other.used);
  }

  private void advance(long now) {
    long passed = now - at;
    at = now;
    for (Account account : accounts.values()) {
      account.used += account.held * passed;
    }
    OptionalLong most = active().mapToLong(account -> account.used).max();
    active()
        .forEach(
            account ->
                account.used =
                    Math.max(account.used, most.orElse(account.used) - MOST_CREDIT_NANOS));
    OptionalLong least = active().mapToLong(account -> account.used).min();
    floor = Math.max(floor, least.orElse(floor));
  }

  private Stream<Account> active() {
    return accounts.values().stream().filter(Account::isActive);
  }
}
