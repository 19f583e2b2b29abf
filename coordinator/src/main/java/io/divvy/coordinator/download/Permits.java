package io.divvy.coordinator.download;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may have a connection to which host. A permit is a lease: it is given again when its attempt
 * said that the connection is not needed any more, or ended, or was not renewed until its end;
 * before that its connection may still be open.
 */
final class Permits {

  private record Permit(String host, long until, boolean open) {}

  private final int perHost;
  private final Map<Long, Permit> permits = new LinkedHashMap<>();
  private final Map<String, Integer> taken = new HashMap<>();
  private int open;

  Permits(int perHost) {
    this.perHost = perHost;
  }

  boolean isFree(String host) {
    return taken(host) < perHost;
  }

  /** How many permits of this host are out. */
  int taken(String host) {
    return taken.getOrDefault(host, 0);
  }

  /** How many connections there may be. */
  int taken() {
    return open;
  }

  /** Gives a permit to an attempt that has none. */
  void take(long attempt, String host, long until) {
    if (!isFree(host) || permits.putIfAbsent(attempt, new Permit(host, until, true)) != null) {
      throw new IllegalStateException("no permit of " + host + " for attempt " + attempt);
    }
    taken.merge(host, 1, Integer::sum);
    open++;
  }

  /** Gives an attempt whose permit was closed one of another host; its lease is the one it has. */
  void move(long attempt, String host) {
    Permit before = permits.get(attempt);
    if (before == null || before.open()) {
      throw new IllegalStateException("attempt " + attempt + " cannot move to " + host);
    }
    permits.remove(attempt);
    take(attempt, host, before.until());
  }

  /** The attempt needs no connection any more, but its lease goes on; twice is harmless. */
  void close(long attempt) {
    Permit permit = permits.get(attempt);
    if (permit != null && permit.open()) {
      permits.put(attempt, new Permit(permit.host(), permit.until(), false));
      taken.computeIfPresent(permit.host(), (host, count) -> count == 1 ? null : count - 1);
      open--;
    }
  }

  /** The host that the attempt's permit is, or was, of. */
  String host(long attempt) {
    Permit permit = permits.get(attempt);
    if (permit == null) {
      throw new IllegalStateException("attempt " + attempt + " has no permit");
    }
    return permit.host();
  }

  /** Whether the attempt may have a connection. */
  boolean isOpen(long attempt) {
    Permit permit = permits.get(attempt);
    return permit != null && permit.open();
  }

  /** The lease of a permit that is out ends later; it never ends earlier than it was said to. */
  void renew(long attempt, long until) {
    permits.computeIfPresent(
        attempt,
        (same, permit) ->
            new Permit(permit.host(), Math.max(permit.until(), until), permit.open()));
  }

  /** The permit is no longer used; saying so twice is harmless. */
  void giveBack(long attempt) {
    close(attempt);
    permits.remove(attempt);
  }

  /** The attempts whose leases have ended. */
  List<Long> ended(long now) {
    return permits.entrySet().stream()
        .filter(permit -> permit.getValue().until() - now <= 0)
        .map(Map.Entry::getKey)
        .toList();
  }
}
