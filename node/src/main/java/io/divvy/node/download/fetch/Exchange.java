package io.divvy.node.download.fetch;

import java.net.InetAddress;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One request of the current thread, as far as the layers below the client library must know of it
 * and can tell of it.
 */
final class Exchange {
  private static final ThreadLocal<@Nullable Exchange> CURRENT = new ThreadLocal<>();

  /** Its host as the URL spells it. */
  final String host;

  /** Whether only public addresses may be spoken to. */
  final boolean publicOnly;

  /** Whether a proxy is spoken to instead, whose address says nothing. */
  final boolean proxied;

  /** Whom was spoken to. */
  @Nullable InetAddress peer;

  /** Whether the connection had served another request before. */
  boolean reused;

  private volatile boolean stopped;
  private volatile @Nullable Future<?> lookup;

  Exchange(String host, boolean publicOnly, boolean proxied) {
    this.host = host;
    this.publicOnly = publicOnly;
    this.proxied = proxied;
  }

  static @Nullable Exchange current() {
    return CURRENT.get();
  }

  void begin() {
    CURRENT.set(this);
  }

  void end() {
    CURRENT.remove();
  }

  /** A name is being looked up, which can be waited for no longer but not be ended. */
  void lookingUp(Future<?> addresses) {
    lookup = addresses;
    if (stopped) {
      addresses.cancel(false);
    }
  }

  /** Called by another thread. */
  void stop() {
    stopped = true;
    Future<?> waiting = lookup;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }
}
