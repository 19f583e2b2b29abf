package io.divvy.coordinator.download;

import io.divvy.coordinator.download.Crossings.Crossing;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.ledger.IntervalSet;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.Tried;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who fetches what when, and what is counted. Mutable, because a list may be long: one actor owns
 * it, and it is never sent. Times are nanoseconds of one monotonic clock.
 *
 * <p>Every item ends once. An attempt ends with its result, the end of its lease, or the end of its
 * node's process; only then can its item be handed out again. The result of an attempt that ended
 * otherwise before is late: a whole and verified file counts if its item has not ended yet, and
 * whoever tries it again is told to stop; a failure changes nothing.
 *
 * <p>A try that was lost with its node or its lease is not a failed try. But an item that so many
 * tries were lost with has had its chance, and fails: it may be what kills the nodes.
 */
final class Sharing {

  /** An item fails once it was lost so often. */
  static final int MOST_LOSSES = 8;

  /** So many times the connections may be under way, with those whose bytes have all come. */
  private static final int MOST_LANDED = 4;

  /** So long an item waits for another node than the one where it failed. */
  private static final long PREFER = TimeUnit.SECONDS.toNanos(1);

  /**
   * So long the first hand-out waits for nodes that were asked to take part: they answer within
   * milliseconds, and whoever answers first would take a short list alone. One that does not answer
   * costs no more than this.
   */
  static final long TOGETHER = TimeUnit.SECONDS.toNanos(1);

  /** Whoever was sent on to a host and waits longer than this for it lets nobody else pass. */
  static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  /** So many attempts may wait on one node for hosts that they were sent to: each has a thread. */
  static final int MOST_CROSSINGS = 128;

  /** So many times its connections may wait of the items of one host, on one node. */
  private static final int MOST_OF_ONE = 2;

  /** What a host says that sends on: it is not overloaded. */
  private static final int FOUND = 302;

  /** What the owner is to do. */
  sealed interface Step {}

  /** An item has ended. */
  record Ended(Sink.Ending ending) implements Step {}

  /** An item will be handed out again. */
  record Again(long item, String why) implements Step {}

  /** An attempt is of no use any more; what it holds is freed by its end. */
  record Cancel(String node, long attempt) implements Step {}

  /** A result was dropped. */
  record Duplicate(String node, long item) implements Step {}

  /** An attempt may go on at the host that it was sent to, the {@code hop}-th time it was sent. */
  record GoOn(String node, long attempt, int hop) {}

  /** An attempt under way. */
  record Flight(long attempt, Item item, String node, long since) {}

  private final Limits limits;
  private final long leaseNanos;
  private final HostQueues queues = new HostQueues();
  private final Permits permits;
  private final KeptConnections kept = new KeptConnections();
  private final Crossings crossings = new Crossings();
  // Hosts that somebody has waited for too long: connections that other nodes have kept would let
  // others pass for ever.
  private final Set<String> reserved = new HashSet<>();
  private final HostPaces paces;
  private final Retries retries;
  private final PriorityQueue<Item> delayed =
      new PriorityQueue<>(Comparator.comparingLong(item -> item.notBefore));
  private final Map<Long, Item> open = new HashMap<>();
  private final Map<Long, Flight> flights = new LinkedHashMap<>();
  private final Map<String, Integer> held = new HashMap<>();
  private final Map<String, Long> handedTo = new HashMap<>();
  private final Set<String> able = new LinkedHashSet<>();
  private final Set<String> asked = new HashSet<>();
  private final IntervalSet done = new IntervalSet();
  private final IntervalSet failed = new IntervalSet();
  private final Map<String, Long> causes = new HashMap<>();
  private boolean listRead;
  private long read;
  private long present;
  private long bytes;
  private long latestAttempt;
  private long retried;
  private long duplicates;
  private long nextStart = Long.MIN_VALUE;
  private long askedFirst;

  /**
   * Nothing is read, and no node takes part.
   *
   * @param leaseNanos how long a permit is good without being renewed
   * @param random from 0 to 1
   */
  Sharing(Limits limits, long leaseNanos, DoubleSupplier random) {
    this.limits = limits;
    this.leaseNanos = leaseNanos;
    this.permits = new Permits(limits.perHost());
    this.paces = new HostPaces(limits.delayNanos(), limits.longestWaitNanos(), random);
    this.retries = new Retries(limits.retries(), limits.longestWaitNanos(), random);
  }

  // ---- the list

  /** How many more items may be read now. */
  int room() {
    return listRead ? 0 : Math.max(0, limits.lookAhead() - open.size());
  }

  /** The next items of the list. */
  List<Step> read(List<Entry> entries) {
    List<Step> steps = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.item() != read) {
        throw new IllegalArgumentException("item " + entry.item() + " came for item " + read);
      }
      read++;
      if (entry instanceof Entry.Wanted wanted) {
        Item item = new Item(wanted);
        open.put(item.index(), item);
        queues.add(item);
      } else if (entry instanceof Entry.Bad bad) {
        failed.add(bad.item(), bad.item() + 1);
        causes.merge(bad.cause(), 1L, Long::sum);
        Tried tried = Tried.Broken.of(bad.cause(), bad.text(), false);
        steps.add(new Ended(new Sink.Ending(bad, tried, 0, "")));
      } else {
        done.add(entry.item(), entry.item() + 1);
        present++;
      }
    }
    return steps;
  }

  /** There are no further items. */
  void listEnded() {
    listRead = true;
  }

  /** Whether the whole list was read and each item has ended. */
  boolean isFinished() {
    return listRead && open.isEmpty();
  }

  // ---- nodes

  /** The node may take part soon: it joins, or leaves. */
  void ask(String node, long now) {
    askedFirst = asked.isEmpty() && able.isEmpty() ? now : askedFirst;
    asked.add(node);
  }

  /** The node takes part (again). */
  void join(String node) {
    asked.remove(node);
    able.add(node);
  }

  /** The node is handed nothing more; what it holds it holds until its leases end. */
  void leave(String node) {
    asked.remove(node);
    able.remove(node);
  }

  /** Whether nothing is handed out yet, so that those who were asked can have their part. */
  private boolean isGathering(long now) {
    return latestAttempt == 0 && !asked.isEmpty() && now - askedFirst < TOGETHER;
  }

  /** The node's process has ended: what it held is free at once. */
  List<Step> dead(String node, String why) {
    leave(node);
    kept.dead(node);
    List<Step> steps = new ArrayList<>();
    for (Flight flight : List.copyOf(flights.values())) {
      if (flight.node().equals(node)) {
        steps.addAll(lose(flight, why));
      }
    }
    return steps;
  }

  /** Takes back what was not renewed in time. */
  List<Step> expire(long now) {
    List<Step> steps = new ArrayList<>();
    for (long attempt : permits.ended(now)) {
      Flight flight = flights.get(attempt);
      if (flight != null) {
        steps.addAll(lose(flight, "its lease on " + flight.node() + " ran out"));
      }
    }
    return steps;
  }

  /** The node holds the attempt: whether it may go on. Its lease runs anew then. */
  boolean renew(String node, long attempt, long now) {
    Flight flight = flights.get(attempt);
    boolean wanted =
        flight != null
            && flight.node().equals(node)
            && flight.item().state == Item.State.UNDER_WAY
            && able.contains(node);
    if (wanted) {
      permits.renew(attempt, now + leaseNanos);
    }
    return wanted;
  }

  /** The attempt's file is on its way to its place: its lease runs anew, whatever its node does. */
  void keep(long attempt, long now) {
    permits.renew(attempt, now + leaseNanos);
  }

  private List<Step> lose(Flight flight, String why) {
    end(flight);
    Item item = flight.item();
    if (item.state == Item.State.COUNTED) {
      return List.of();
    }
    item.losses++;
    if (item.losses >= MOST_LOSSES) {
      String text = "it was lost " + item.losses + " times, at last since " + why;
      return List.of(count(item, Tried.Broken.lost(text), flight.node()));
    }
    item.state = Item.State.WAITING;
    item.avoid = flight.node();
    item.notBefore = flight.since();
    queues.addFirst(item);
    return List.of(new Again(item.index(), why));
  }

  private void end(Flight flight) {
    close(flight);
    flights.remove(flight.attempt());
    crossings.end(flight.attempt());
    permits.giveBack(flight.attempt());
  }

  private void close(Flight flight) {
    if (permits.isOpen(flight.attempt())) {
      permits.close(flight.attempt());
      held.computeIfPresent(flight.node(), (node, count) -> count == 1 ? null : count - 1);
    }
  }

  /**
   * All bytes of the attempt's file have come: another may have its connection while this one is
   * verified, flushed and put in its place.
   */
  void landed(String node, long attempt, long now) {
    Flight flight = flights.get(attempt);
    if (flight != null && flight.node().equals(node) && permits.isOpen(attempt)) {
      close(flight);
      kept.keep(permits.host(attempt), node, now);
    }
  }

  // ---- redirects

  /**
   * A server sent the attempt on to another host. It has no connection any more until {@link #goOn}
   * names it.
   *
   * @param hop how often it was sent on, this time included
   * @return whether it was named before, and word of that was lost
   */
  boolean redirected(String node, long attempt, int hop, String to, long now) {
    Flight flight = flights.get(attempt);
    if (flight == null || !flight.node().equals(node)) {
      return false;
    }
    if (!crossings.begin(new Crossing(attempt, hop, node, flight.item().host(), to, now))) {
      return crossings.isOver(attempt, hop);
    }
    landed(node, attempt, now);
    paces.answered(permits.host(attempt), FOUND, -1, now);
    return false;
  }

  /**
   * Who may go on now at the host that it was sent to. To be asked before {@link #assign}: what is
   * under way comes first.
   *
   * @param ready whether a node can be told something now, among those that take part
   */
  List<GoOn> goOn(Predicate<String> ready, long now) {
    List<GoOn> given = new ArrayList<>();
    reserved.clear();
    Map<String, Integer> shares = Connections.spread(limits.connections(), able);
    for (Crossing crossing : crossings.waiting()) {
      String host = crossing.to();
      boolean free = permits.taken() < limits.connections() && mayStart(now);
      if (!mayGoOn(crossing, shares, now) || !ready.test(crossing.node())) {
        continue;
      }
      if (free && mayAsk(crossing.node(), host, now)) {
        crossings.leave(crossing.attempt());
        permits.move(crossing.attempt(), host);
        started(host, crossing.node(), now);
        given.add(new GoOn(crossing.node(), crossing.attempt(), crossing.hop()));
      } else if (isImpatient(crossing, now)) {
        reserved.add(host);
      }
    }
    return given;
  }

  /** Shares are for fairness; who lost patience goes beyond that of its node. */
  private boolean mayGoOn(Crossing crossing, Map<String, Integer> shares, long now) {
    String node = crossing.node();
    Flight flight = flights.get(crossing.attempt());
    return flight != null
        && flight.item().state == Item.State.UNDER_WAY
        && able.contains(node)
        // A share may have become none since.
        && (held(node) < Math.max(1, shares.getOrDefault(node, 0)) || isImpatient(crossing, now));
  }

  private static boolean isImpatient(Crossing crossing, long now) {
    return now - crossing.since() > PATIENCE;
  }

  // ---- handing out

  /**
   * What each node is to fetch now.
   *
   * @param ready whether a node can be handed something now, among those that take part
   */
  Map<String, List<HandOut>> assign(Predicate<String> ready, long now) {
    while (!delayed.isEmpty() && delayed.peek().notBefore - now <= 0) {
      Item item = delayed.remove();
      if (item.state == Item.State.WAITING) {
        queues.addFirst(item);
      }
    }
    Map<String, List<HandOut>> given = new LinkedHashMap<>();
    if (isGathering(now)) {
      return given;
    }
    Map<String, Integer> shares = Connections.spread(limits.connections(), able);
    Set<String> asking = new LinkedHashSet<>(able);
    asking.removeIf(ready.negate());
    while (!asking.isEmpty() && mayHaveMore() && mayStart(now)) {
      String node = neediest(asking, shares);
      Item item = node == null ? null : takeFor(node, shares, now);
      if (node == null) {
        break;
      } else if (item == null) {
        asking.remove(node);
      } else {
        given.computeIfAbsent(node, key -> new ArrayList<>()).add(handOut(item, node, now));
      }
    }
    return given;
  }

  /** What has landed waits for its disk, which must not be left behind without bound. */
  private boolean mayHaveMore() {
    return permits.taken() < limits.connections()
        && flights.size() - crossings.count() < MOST_LANDED * limits.connections();
  }

  /**
   * The node with the fewest transfers, of those that may have more; among equals the one that was
   * handed the least.
   */
  private @Nullable String neediest(Set<String> asking, Map<String, Integer> shares) {
    return asking.stream()
        .filter(node -> held(node) < shares.getOrDefault(node, 0))
        .min(
            Comparator.<String>comparingInt(this::held)
                .thenComparingLong(node -> handedTo.getOrDefault(node, 0L)))
        .orElse(null);
  }

  private @Nullable Item takeFor(String node, Map<String, Integer> shares, long now) {
    int share = shares.getOrDefault(node, 0);
    return queues.take(
        host -> hasPlace(node, host, share) && mayAsk(node, host, now),
        item -> !item.avoid.equals(node) || able.size() == 1 || now - item.notBefore > PREFER);
  }

  /**
   * A host that sends on must not fill the node with attempts that wait for others, nor hold up
   * hosts that do not.
   */
  private boolean hasPlace(String node, String host, int share) {
    int ofHost = crossings.count(node, host);
    int all = crossings.count(node);
    return all < MOST_CROSSINGS
        && (ofHost == 0 || (ofHost < MOST_OF_ONE * limits.perHost() && all < MOST_OF_ONE * share));
  }

  private boolean mayAsk(String node, String host, long now) {
    return !reserved.contains(host) && mayConnect(node, host, now) && paces.isOpen(host, now);
  }

  // INVARIANT: permits that are out and connections that are kept are together never more than
  // --per-host; a node that has kept one needs no other.
  private boolean mayConnect(String node, String host, long now) {
    return permits.isFree(host) && (kept.has(host, node, now) || isFree(host, now));
  }

  private boolean isFree(String host, long now) {
    return permits.taken(host) + kept.count(host, now) < limits.perHost();
  }

  private HandOut handOut(Item item, String node, long now) {
    long attempt = ++latestAttempt;
    retried += item.attempts > 0 ? 1 : 0;
    item.attempts++;
    item.attempt = attempt;
    item.state = Item.State.UNDER_WAY;
    permits.take(attempt, item.host(), now + leaseNanos);
    flights.put(attempt, new Flight(attempt, item, node, now));
    started(item.host(), node, now);
    handedTo.merge(node, 1L, Long::sum);
    Entry.Wanted entry = item.entry;
    return new HandOut(
        attempt, entry.item(), entry.url(), entry.name(), entry.sha256(), item.failedTries);
  }

  /** The node opens a connection, or uses one that it has kept, for a request. */
  private void started(String host, String node, long now) {
    kept.use(host, node, now);
    paces.started(host, now);
    held.merge(node, 1, Integer::sum);
    if (limits.requestsPerSecond() > 0) {
      nextStart = now + (long) (TimeUnit.SECONDS.toNanos(1) / limits.requestsPerSecond());
    }
  }

  private boolean mayStart(long now) {
    return nextStart == Long.MIN_VALUE || nextStart - now <= 0;
  }

  /** When time alone could let something be handed out, or go on, that cannot now. */
  OptionalLong nextTime(long now) {
    if (able.isEmpty() || permits.taken() >= limits.connections()) {
      return OptionalLong.empty();
    }
    if (isGathering(now)) {
      return OptionalLong.of(askedFirst + TOGETHER);
    }
    Map<String, Integer> shares = Connections.spread(limits.connections(), able);
    Set<String> hosts = new HashSet<>();
    for (Crossing crossing : crossings.waiting()) {
      if (mayGoOn(crossing, shares, now)) {
        hosts.add(crossing.to());
      }
    }
    long wait = Long.MAX_VALUE;
    if (mayHaveMore()) {
      if (!delayed.isEmpty()) {
        wait = Math.max(0, delayed.element().notBefore - now);
      }
      for (String host : queues.hosts()) {
        if (!reserved.contains(host)
            && able.stream().anyMatch(node -> mayTake(node, host, shares))) {
          hosts.add(host);
        }
      }
    }
    for (String host : hosts) {
      if (permits.isFree(host)) {
        wait = Math.min(wait, opensIn(host, now));
      }
    }
    return wait == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(now + wait);
  }

  private boolean mayTake(String node, String host, Map<String, Integer> shares) {
    int share = shares.getOrDefault(node, 0);
    return held(node) < share && hasPlace(node, host, share);
  }

  private long opensIn(String host, long now) {
    long start = mayStart(now) ? 0 : nextStart - now;
    start = isFree(host, now) ? start : Math.max(start, kept.nextEnd(host, now) - now);
    return Math.max(start, paces.opensAt(host, now) - now);
  }

  // ---- results

  /**
   * What came of an attempt.
   *
   * @param lateCounts whether a whole file counts although its attempt ended before
   */
  List<Step> report(
      String node, long attempt, long index, Tried tried, boolean lateCounts, long now) {
    Flight flight = flights.get(attempt);
    Item item = open.get(index);
    if (flight == null || flight.item() != item || !flight.node().equals(node)) {
      if (flight != null && flight.item().index() == index && flight.node().equals(node)) {
        end(flight, tried, now); // its item ended meanwhile, by a late result
      }
      if (!(tried instanceof Tried.Ok)) {
        return List.of();
      }
      return item != null && lateCounts && attempt <= item.attempt
          ? countLate(item, tried, node)
          : drop(node, index);
    }
    String host = permits.host(attempt);
    end(flight, tried, now);
    hear(host, tried, now);
    if (tried instanceof Tried.Broken broken) {
      return Tried.Broken.LOST.equals(broken.cause())
          ? lose(flight, broken.text())
          : fail(item, broken, node, now);
    }
    return List.of(count(item, tried, node));
  }

  /** Without an answer, there is no connection that could be used again. */
  private void end(Flight flight, Tried tried, long now) {
    boolean answered = tried instanceof Tried.Ok || ((Tried.Broken) tried).httpStatus() > 0;
    if (answered) {
      landed(flight.node(), flight.attempt(), now);
    }
    end(flight);
  }

  private void hear(String host, Tried tried, long now) {
    if (tried instanceof Tried.Broken broken) {
      long wait =
          broken.retryAfterMillis() < 0
              ? -1
              : TimeUnit.MILLISECONDS.toNanos(broken.retryAfterMillis());
      paces.answered(host, broken.httpStatus(), wait, now);
    } else if (tried instanceof Tried.Ok ok) {
      paces.answered(host, ok.httpStatus(), -1, now);
    }
  }

  private List<Step> fail(Item item, Tried.Broken broken, String node, long now) {
    item.failedTries++;
    Retries.Next next = retries.after(broken, item.failedTries);
    if (next instanceof Retries.GiveUp giveUp) {
      return List.of(count(item, giveUp.broken(), node));
    }
    item.state = Item.State.WAITING;
    item.avoid = node;
    item.notBefore = now + ((Retries.Again) next).waitNanos();
    delayed.add(item);
    return List.of(new Again(item.index(), broken.text()));
  }

  private List<Step> countLate(Item item, Tried tried, String node) {
    Flight current = item.state == Item.State.UNDER_WAY ? flights.get(item.attempt) : null;
    Step ended = count(item, tried, node);
    return current == null
        ? List.of(ended)
        : List.of(ended, new Cancel(current.node(), current.attempt()));
  }

  private List<Step> drop(String node, long index) {
    duplicates++;
    return List.of(new Duplicate(node, index));
  }

  private Step count(Item item, Tried tried, String node) {
    item.state = Item.State.COUNTED;
    open.remove(item.index());
    if (tried instanceof Tried.Ok ok) {
      done.add(item.index(), item.index() + 1);
      bytes += ok.bytes();
    } else if (tried instanceof Tried.Broken broken) {
      failed.add(item.index(), item.index() + 1);
      causes.merge(broken.cause(), 1L, Long::sum);
    }
    return new Ended(new Sink.Ending(item.entry, tried, item.attempts, node));
  }

  // ---- figures

  /** The attempt, when it is under way on this node and its item has not ended. */
  @Nullable Flight flight(String node, long attempt) {
    Flight flight = flights.get(attempt);
    return flight != null
            && flight.node().equals(node)
            && flight.item().state == Item.State.UNDER_WAY
        ? flight
        : null;
  }

  List<Flight> flights() {
    return List.copyOf(flights.values());
  }

  int nodes() {
    return able.size();
  }

  /** How many connections of this node may be open. */
  int held(String node) {
    return held.getOrDefault(node, 0);
  }

  /** How many connections to this host may be open. */
  int taken(String host) {
    return permits.taken(host);
  }

  /** The node's part of the limit on bytes: as large as its part of the transfers; 0 is none. */
  long bytesPerSecond(String node) {
    long all = limits.bytesPerSecond();
    return all == 0 ? 0 : Math.max(1, all * Math.max(1, held(node)) / Math.max(1, permits.taken()));
  }

  long itemsRead() {
    return read;
  }

  boolean listRead() {
    return listRead;
  }

  long done() {
    return done.size();
  }

  long present() {
    return present;
  }

  long failed() {
    return failed.size();
  }

  long remaining() {
    return open.size();
  }

  /** Of the files that were fetched. */
  long bytes() {
    return bytes;
  }

  long attempts() {
    return latestAttempt;
  }

  long retried() {
    return retried;
  }

  long duplicates() {
    return duplicates;
  }

  /** How many items failed for each cause, the most frequent first. */
  Map<String, Long> causes() {
    Map<String, Long> sorted = new LinkedHashMap<>();
    causes.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(cause -> sorted.put(cause.getKey(), cause.getValue()));
    return sorted;
  }
}
