package io.divvy.coordinator.download;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The connections that nodes keep open for a while after a transfer, for the next one to the same
 * host. They count as open for everybody but the node that has them, and for that node, too, once
 * it may have closed them: the server may take notice of that later than of the next connection.
 */
public final class KeptConnections {

  /** Nodes close what they do not use within half a second; the rest is for delays. */
  static final long KEPT = TimeUnit.SECONDS.toNanos(1);

  /** Nodes close none sooner than after a third of a second; the rest is for delays. */
  static final long SURE = TimeUnit.MILLISECONDS.toNanos(200);

  /** So many hosts are remembered before those are forgotten to which nothing is open any more. */
  private static final int MANY = 10_000;

  private record Kept(String node, long until) {}

  // The oldest first, so that those to be forgotten come first.
  private final Map<String, Deque<Kept>> hosts = new HashMap<>();

  /** A transfer has ended, and its node may have kept the connection. */
  public void keep(String host, String node, long now) {
    hosts.computeIfAbsent(host, key -> new ArrayDeque<>()).addLast(new Kept(node, now + KEPT));
    if (hosts.size() > MANY) {
      hosts.values().removeIf(kept -> kept.getLast().until() - now <= 0);
    }
  }

  /** The node begins a transfer, with a connection that it has kept if there surely is one. */
  public void use(String host, String node, long now) {
    Deque<Kept> kept = hosts.getOrDefault(host, new ArrayDeque<>());
    for (Iterator<Kept> each = kept.descendingIterator(); each.hasNext(); ) {
      if (isSurelyOpen(each.next(), node, now)) {
        each.remove();
        break;
      }
    }
    hosts.computeIfPresent(host, (same, left) -> left.isEmpty() ? null : left);
  }

  /** The node's process has ended, and with it its connections. */
  void dead(String node) {
    hosts.values().forEach(kept -> kept.removeIf(each -> each.node().equals(node)));
    hosts.values().removeIf(Deque::isEmpty);
  }

  /** Whether the node has a connection that it has surely not closed yet. */
  public boolean has(String host, String node, long now) {
    return open(host, now).stream().anyMatch(each -> isSurelyOpen(each, node, now));
  }

  private static boolean isSurelyOpen(Kept kept, String node, long now) {
    return kept.node().equals(node) && now - (kept.until() - KEPT) < SURE;
  }

  /** How many may be open, those that nodes may have closed included. */
  public int count(String host, long now) {
    return open(host, now).size();
  }

  /** When the next one is closed; {@code now} when there is none. */
  public long nextEnd(String host, long now) {
    Deque<Kept> kept = open(host, now);
    return kept.isEmpty() ? now : kept.getFirst().until();
  }

  private Deque<Kept> open(String host, long now) {
    Deque<Kept> kept = hosts.getOrDefault(host, new ArrayDeque<>());
    while (!kept.isEmpty() && kept.getFirst().until() - now <= 0) {
      kept.removeFirst();
    }
    if (kept.isEmpty()) {
      hosts.remove(host);
    }
    return kept;
  }
}
