package io.divvy.node.download.fetch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.IdleConnectionEvictor;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The client library, with everything turned off that it would do by itself. */
final class Client {
  private static final TimeValue KEPT = TimeValue.ofMilliseconds(350);

  /** How often to look for connections that were kept long enough. */
  private static final TimeValue LOOK = TimeValue.ofMilliseconds(100);

  private static final AtomicLong NUMBER = new AtomicLong();

  private Client() {}

  /** The connections, of which none is kept for long once {@link #evictor} has begun. */
  static PoolingHttpClientConnectionManager connections(FetchSettings settings, HostNames names) {
    Timeout connect = Timeout.of(settings.connect());
    Timeout stall = Timeout.of(settings.stall());
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setMaxConnTotal(settings.connections())
        .setMaxConnPerRoute(settings.connections())
        .setConnectionFactory(socket -> connection())
        .setDnsResolver(names)
        .setTlsSocketStrategy(new Tls(settings.ca()))
        .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(stall).build())
        .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connect).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(connect)
                .setSocketTimeout(stall)
                .setValidateAfterInactivity(2, TimeUnit.SECONDS)
                .build())
        .build();
  }

  /**
   * Closes what is not used. What is kept counts for its host on all nodes, for a second, and for a
   * fifth of one the coordinator relies on it being open. The library's own way to do this looks
   * only once in a second, however short the time.
   */
  static IdleConnectionEvictor evictor(PoolingHttpClientConnectionManager connections) {
    return new IdleConnectionEvictor(connections, LOOK, KEPT);
  }

  static CloseableHttpClient of(
      FetchSettings settings, HostNames names, PoolingHttpClientConnectionManager connections) {
    return HttpClientBuilder.create()
        .setConnectionManager(connections)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setAuthenticationEnabled(false)
                // Bounded by the time for the whole file.
                .setConnectionRequestTimeout(Timeout.ofDays(365))
                .setProtocolUpgradeEnabled(false)
                .build())
        .setRequestExecutor(new Checking(names, settings.proxies()))
        .setRoutePlanner((target, context) -> route(target, settings.proxies()))
        .setUserAgent(settings.userAgent())
        // Reading the list of public suffixes would take longer than many a transfer.
        .setDefaultCookieSpecRegistry(name -> null)
        .disableAuthCaching()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableRedirectHandling()
        .build();
  }

  private static StrictConnection connection() {
    return new StrictConnection("connection-" + NUMBER.incrementAndGet());
  }

  private static HttpRoute route(HttpHost target, Proxies proxies) {
    boolean secure = target.getSchemeName().equals("https");
    Optional<URI> proxy = proxies.of(origin(target));
    if (proxy.isEmpty()) {
      return new HttpRoute(target, null, secure);
    }
    Origin through = Origin.of(proxy.get());
    String host = Origin.written(proxy.get());
    return new HttpRoute(target, null, new HttpHost("http", host, through.port()), secure);
  }

  private static Origin origin(HttpHost host) {
    return new Origin(host.getSchemeName(), host.getHostName(), host.getPort());
  }

  /** Has the last look at a connection before a request leaves, and the first after. */
  private static final class Checking extends HttpRequestExecutor {
    private final HostNames names;
    private final Proxies proxies;

    Checking(HostNames names, Proxies proxies) {
      this.names = names;
      this.proxies = proxies;
    }

    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback information,
        HttpContext context)
        throws IOException, HttpException {
      Exchange exchange = Exchange.current();
      if (exchange != null) {
        exchange.reused = connection.getEndpointDetails().getRequestCount() > 0;
        exchange.peer =
            connection.getRemoteAddress() instanceof InetSocketAddress peer
                ? peer.getAddress()
                : null;
        names.check(exchange);
      }
      if (Method.CONNECT.isSame(request.getMethod())) {
        proxies
            .https()
            .flatMap(Origin::basic)
            .ifPresent(user -> request.setHeader(HttpHeaders.PROXY_AUTHORIZATION, user.value()));
      }
      return super.execute(request, connection, information, context);
    }
  }
}
