package io.divvy.coordinator.download;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** When each host may be asked next: a pause between requests, and longer when it asks for that. */
final class HostPaces {

  private static final int TOO_BUSY = 503;
  private static final int TOO_MANY_REQUESTS = 429;

  /** So many hosts are remembered before those that may be asked anyway are forgotten. */
  private static final int MANY = 10_000;

  private record Pace(long notBefore, int slowed) {}

  private final long delayNanos;
  private final long longestWaitNanos;
  private final DoubleSupplier random;
  private final Map<String, Pace> paces = new HashMap<>();

  /**
   * Paces of hosts.
   *
   * @param random from 0 to 1
   */
  HostPaces(long delayNanos, long longestWaitNanos, DoubleSupplier random) {
    this.delayNanos = delayNanos;
    this.longestWaitNanos = longestWaitNanos;
    this.random = random;
  }

  boolean isOpen(String host, long now) {
    return opensAt(host, now) - now <= 0;
  }

  /** When the host may be asked next; {@code now} when it may be at once. */
  long opensAt(String host, long now) {
    Pace pace = paces.get(host);
    return pace == null || pace.notBefore() - now < 0 ? now : pace.notBefore();
  }

  /** A request to the host begins now. */
  void started(String host, long now) {
    if (delayNanos > 0) {
      Pace pace = paces.get(host);
      put(host, now + delayNanos, pace == null ? 0 : pace.slowed(), now);
    }
  }

  /**
   * The host answered. When it is overloaded, nobody asks it for a while: as long as it says, or
   * else longer each time.
   */
  void answered(String host, int httpStatus, long retryAfterNanos, long now) {
    Pace pace = paces.get(host);
    if (httpStatus != TOO_BUSY && httpStatus != TOO_MANY_REQUESTS) {
      if (httpStatus > 0 && pace != null && pace.slowed() > 0) {
        put(host, pace.notBefore(), 0, now);
      }
      return;
    }
    int slowed = slowedBefore(pace, now);
    boolean told = retryAfterNanos >= 0 && retryAfterNanos <= longestWaitNanos;
    long wait =
        told ? retryAfterNanos : Retries.backOff(slowed, longestWaitNanos, random.getAsDouble());
    put(host, now + wait, slowed + 1, now);
  }

  /** The answers to requests that were under way together count as one. */
  private static int slowedBefore(@Nullable Pace pace, long now) {
    if (pace == null) {
      return 0;
    }
    return pace.slowed() > 0 && pace.notBefore() - now > 0 ? pace.slowed() - 1 : pace.slowed();
  }

  /** A host that waits already never waits shorter for it. */
  private void put(String host, long notBefore, int slowed, long now) {
    Pace pace = paces.get(host);
    long latest =
        pace == null ? notBefore : now + Math.max(notBefore - now, pace.notBefore() - now);
    paces.put(host, new Pace(latest, slowed));
    if (paces.size() > MANY) {
      paces.values().removeIf(each -> each.slowed() == 0 && each.notBefore() - now <= 0);
    }
  }
}
