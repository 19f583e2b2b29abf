package io.divvy.node.download.fetch;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Predicate;
import org.apache.hc.client5.http.impl.IdleConnectionEvictor;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.io.CloseMode;

/**
 * Fetches URLs, each once. Blocks the thread that calls; many may call at once and share the
 * connections, which are kept for the next URL of the same host.
 */
public final class HttpFetcher implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofDays(365);

  private final FetchSettings settings;
  private final HostNames names;
  private final CloseableHttpClient client;
  private final IdleConnectionEvictor evictor;
  private final ScheduledThreadPoolExecutor alarms;

  /**
   * Makes ready; nothing is connected yet.
   *
   * @throws IllegalArgumentException with one line when the settings cannot be used
   */
  public HttpFetcher(FetchSettings settings) {
    this(settings, InetAddress::getAllByName, Addresses::isPublic);
  }

  HttpFetcher(FetchSettings settings, HostNames.Lookup lookup, Predicate<InetAddress> isPublic) {
    this.settings = settings;
    this.names = new HostNames(lookup, isPublic, settings.connect());
    PoolingHttpClientConnectionManager connections = Client.connections(settings, names);
    this.client = Client.of(settings, names, connections);
    this.evictor = Client.evictor(connections);
    evictor.start();
    this.alarms =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "divvy-fetch-limit");
              thread.setDaemon(true);
              return thread;
            });
    alarms.setRemoveOnCancelPolicy(true);
  }

  /**
   * Checks a file of {@link FetchSettings#ca} before anything is started with it.
   *
   * @throws IllegalArgumentException with one line when it has no certificates
   */
  public static void checkCertificates(Path file) {
    Tls.certificates(file);
  }

  /**
   * Fetches {@code url} into {@code target}: goes on with what is there when the server proves that
   * it is the start of what it has now, and starts over when not.
   *
   * @param passage asked before each other host that redirects lead to
   */
  public Outcome fetch(URI url, Target target, Cancellation cancellation, Passage passage) {
    Stop stop = new Stop();
    try (Alarm alarm = new Alarm(alarms, whole(), () -> stop.because(Cause.TOOK_TOO_LONG))) {
      cancellation.whenRequested(() -> stop.because(Cause.CANCELLED));
      Passage timeless = host -> alarm.during(() -> passage.to(host));
      return new Transfer(client, names, settings, target, stop, timeless).run(url);
    } catch (RejectedExecutionException e) {
      return new Outcome.Broken(
          Cause.CANCELLED, Cause.CANCELLED.words(), 0, false, Optional.empty(), url);
    } finally {
      cancellation.whenRequested(() -> {});
    }
  }

  private long whole() {
    return (settings.whole().compareTo(LONGEST) < 0 ? settings.whole() : LONGEST).toNanos();
  }

  /** Closes all connections; what is being fetched breaks. */
  @Override
  public void close() {
    evictor.shutdown();
    client.close(CloseMode.IMMEDIATE);
    alarms.shutdownNow();
    names.close();
  }
}
