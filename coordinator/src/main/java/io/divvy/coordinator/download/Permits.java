package io.divvy.coordinator.download;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may have a connection to which host. A permit is a lease: it is given again when its attempt
 * ended, or when it was not renewed until its end; before that its connection may still be open.
 */
final class Permits {

  private record Permit(String host, long until) {}

  private final int perHost;
  private final Map<Long, Permit> permits = new LinkedHashMap<>();
  private final Map<String, Integer> taken = new HashMap<>();

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

  /** How many permits are out. */
  int taken() {
    return permits.size();
  }

  /** Gives a permit to an attempt that has none. */
  void take(long attempt, String host, long until) {
    if (!isFree(host) || permits.putIfAbsent(attempt, new Permit(host, until)) != null) {
      throw new IllegalStateException("no permit of " + host + " for attempt " + attempt);
    }
    taken.merge(host, 1, Integer::sum);
  }

  /** The lease of a permit that is out ends later; it never ends earlier than it was said to. */
  void renew(long attempt, long until) {
    permits.computeIfPresent(
        attempt, (same, permit) -> new Permit(permit.host(), Math.max(permit.until(), until)));
  }

  /** The permit is no longer used; saying so twice is harmless. */
  void giveBack(long attempt) {
    Permit permit = permits.remove(attempt);
    if (permit != null) {
      taken.computeIfPresent(permit.host(), (host, count) -> count == 1 ? null : count - 1);
    }
  }

  /** The attempts whose leases have ended. */
  List<Long> ended(long now) {
    return permits.entrySet().stream()
        .filter(permit -> permit.getValue().until() - now <= 0)
        .map(Map.Entry::getKey)
        .toList();
  }
}
