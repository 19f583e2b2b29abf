package io.divvy.node.download.fetch;

import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Finds addresses for the client library, within a time limit that the system's lookup does not
 * have, and leaves out those that the current request may not go to.
 */
final class HostNames implements DnsResolver, AutoCloseable {
  /** How a name is looked up. */
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final Lookup lookup;
  private final Predicate<InetAddress> isPublic;
  private final Duration limit;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "divvy-lookup");
            thread.setDaemon(true);
            return thread;
          });

  HostNames(Lookup lookup, Predicate<InetAddress> isPublic, Duration limit) {
    this.lookup = lookup;
    this.isPublic = isPublic;
    this.limit = limit;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    Exchange exchange = Exchange.current();
    InetAddress[] found =
        ADDRESS.matcher(host).matches()
            ? lookup.addresses(host)
            : lookedUp(exchange == null || exchange.proxied ? host : written(exchange.host));
    if (exchange == null || !exchange.publicOnly || exchange.proxied) {
      return found;
    }
    InetAddress[] allowed = Arrays.stream(found).filter(isPublic).toArray(InetAddress[]::new);
    if (allowed.length == 0) {
      throw (UnknownHostException) new UnknownHostException(host).initCause(inward(found[0]));
    }
    return allowed;
  }

  /**
   * A name with a dot at its end is found in no domain of the system's own, so it is asked for as
   * it is written; except for {@code localhost.}, which many systems do not know as that.
   */
  private static String written(String host) {
    return host.equals("localhost.") ? "localhost" : host;
  }

  /** The address that is really spoken to is checked once more, whoever connected it and when. */
  void check(Exchange exchange) throws Refusal {
    InetAddress peer = exchange.peer;
    if (exchange.publicOnly && !exchange.proxied && (peer == null || !isPublic.test(peer))) {
      throw inward(peer);
    }
  }

  boolean isPublic(@Nullable InetAddress address) {
    return address != null && isPublic.test(address);
  }

  /** Whether a host's name alone says that it is not public, wherever it is looked up. */
  boolean inward(String host) {
    if (!ADDRESS.matcher(host).matches()) {
      return host.equals("localhost") || host.endsWith(".localhost");
    }
    try {
      return !isPublic.test(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return true;
    }
  }

  private static Refusal inward(@Nullable InetAddress address) {
    String where = address == null ? "nowhere" : address.getHostAddress();
    return new Refusal(
        Cause.REDIRECT_REFUSED,
        "redirect refused: from a public address to " + where + ", which is not public");
  }

  private InetAddress[] lookedUp(String host) throws UnknownHostException {
    Future<InetAddress[]> found = threads.submit(() -> lookup.addresses(host));
    Exchange exchange = Exchange.current();
    if (exchange != null) {
      exchange.lookingUp(found);
    }
    try {
      return found.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw because(host, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException | CancellationException e) {
      throw because(host, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw because(host, new InterruptedIOException());
    }
  }

  private static UnknownHostException because(String host, Throwable why) {
    UnknownHostException exception = new UnknownHostException(host);
    exception.initCause(why);
    return exception;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
