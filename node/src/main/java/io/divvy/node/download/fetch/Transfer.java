package io.divvy.node.download.fetch;

import io.divvy.node.download.fetch.Outcome.Broken;
import io.divvy.node.download.fetch.Outcome.Fetched;
import io.divvy.node.download.fetch.Target.Partial;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/** One URL on its way, from the first request over all redirects to the last byte. */
final class Transfer {
  private static final int BUFFER = 64 << 10;
  private static final Set<Integer> WHOLE = Set.of(200, 203);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final int PARTIAL_CONTENT = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final CloseableHttpClient client;
  private final HostNames names;
  private final FetchSettings settings;
  private final Target target;
  private final Stop stop;
  private final Passage passage;

  // The host that may be connected to.
  private String place = "";
  private URI url = URI.create("");
  private List<RequestHeader> headers = List.of();
  private boolean publicOnly;
  private boolean outward;
  private int status;

  Transfer(
      CloseableHttpClient client,
      HostNames names,
      FetchSettings settings,
      Target target,
      Stop stop,
      Passage passage) {
    this.client = client;
    this.names = names;
    this.settings = settings;
    this.target = target;
    this.stop = stop;
    this.passage = passage;
  }

  Outcome run(URI first) {
    url = first;
    try {
      place = Origin.of(first).place();
      Optional<Partial> partial = partial();
      Optional<Outcome> outcome = follow(first, partial);
      // What was sent does not fit to what is there. The second request asks for all of it.
      return outcome.isPresent()
          ? outcome.get()
          : follow(first, Optional.empty()).orElseThrow(IllegalStateException::new);
    } catch (IOException e) {
      Cause cause = stop.why().orElseGet(() -> cause(e));
      return broken(cause, stop.why().isPresent() ? cause.words() : Failures.text(cause, e));
    } catch (IllegalArgumentException e) {
      return broken(Cause.BAD_URL, Cause.BAD_URL.words() + ": " + e.getMessage());
    }
  }

  private Cause cause(IOException e) {
    return Thread.currentThread().isInterrupted()
        ? Cause.CANCELLED
        : Failures.cause(e, status != 0);
  }

  /** Nothing, when the answer is not what {@code partial} can be gone on with. */
  private Optional<Outcome> follow(URI first, Optional<Partial> partial) throws IOException {
    url = Origin.plain(first);
    publicOnly = false;
    headers = new ArrayList<>(settings.headers());
    Origin.basic(first)
        .filter(user -> headers.stream().noneMatch(h -> h.name().equalsIgnoreCase(user.name())))
        .ifPresent(headers::add);
    Set<URI> seen = new HashSet<>();
    for (int redirects = 0; ; redirects++) {
      if (!seen.add(url)) {
        throw new Refusal(Cause.REDIRECT_LOOP, "redirect loop: back to " + shown(url));
      }
      if (redirects > Redirects.MOST) {
        throw new Refusal(Cause.TOO_MANY_REDIRECTS, "more than " + Redirects.MOST + " redirects");
      }
      cross(Origin.of(url).place());
      HttpGet request = request(partial);
      ClassicHttpResponse answer = answer(request);
      boolean finished = false;
      try {
        Head head = new Head(answer, url);
        status = head.status();
        Optional<String> location = Redirects.is(status) ? head.location() : Optional.empty();
        if (location.isEmpty()) {
          Optional<Outcome> outcome = take(head, answer, partial);
          finished = outcome.isPresent();
          return outcome;
        }
        step(location.get());
        finished = true;
      } finally {
        end(request, answer, finished);
      }
    }
  }

  private void step(String location) throws Refusal {
    URI next = Redirects.next(url, location);
    Origin to = Origin.of(next);
    if (!to.equals(Origin.of(url))) {
      headers = headers.stream().filter(header -> !header.secret()).toList();
    }
    if (outward && settings.proxies().of(to).isPresent() && names.inward(to.host())) {
      throw new Refusal(
          Cause.REDIRECT_REFUSED, "redirect refused: from a public host to " + shown(next));
    }
    publicOnly = outward;
    url = next;
    status = 0;
  }

  /** Waits for another host, when it is another. */
  private void cross(String host) throws Refusal {
    if (host.equals(place)) {
      return;
    }
    try {
      stop.ends(Thread.currentThread()::interrupt);
      passage.to(host);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (Refusal) new Refusal(Cause.CANCELLED, Cause.CANCELLED.words()).initCause(e);
    } finally {
      stop.ends(() -> {});
      if (stop.why().isPresent()) {
        Thread.interrupted(); // it was meant for the waiting
      }
    }
    if (stop.why().isPresent()) {
      throw new Refusal(stop.why().get(), stop.why().get().words());
    }
    place = host;
  }

  private HttpGet request(Optional<Partial> partial) {
    Origin origin = Origin.of(url);
    HttpGet request = new HttpGet(url);
    request.setAuthority(new URIAuthority(Origin.written(url), Origin.writtenPort(url)));
    request.setPath(path(url));
    request.setHeader("Accept", "*/*");
    request.setHeader("Accept-Encoding", "identity");
    for (RequestHeader header : headers) {
      if (header.name().equalsIgnoreCase("Accept")) {
        request.setHeader(header.name(), header.value());
      } else {
        request.addHeader(header.name(), header.value());
      }
    }
    if (!origin.secure()) {
      settings
          .proxies()
          .of(origin)
          .filter(proxy -> proxy.getRawUserInfo() != null)
          .map(proxy -> Origin.basic("Proxy-Authorization", proxy.getRawUserInfo()))
          .ifPresent(user -> request.setHeader(user.name(), user.value()));
    }
    if (partial.isPresent()) {
      request.setHeader("Range", "bytes=" + partial.get().bytes() + "-");
      request.setHeader("If-Range", partial.get().validator());
    }
    return request;
  }

  private static String path(URI url) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  /**
   * The server may close a connection that was kept in the very moment it is used again. That says
   * nothing of the URL, so another is tried, of which there are only so many.
   */
  private ClassicHttpResponse answer(HttpGet request) throws IOException {
    for (int tries = 0; ; tries++) {
      Origin origin = Origin.of(url);
      boolean proxied = settings.proxies().of(origin).isPresent();
      Exchange exchange = new Exchange(Origin.written(url), publicOnly, proxied);
      stop.ends(
          () -> {
            request.cancel();
            exchange.stop();
          });
      exchange.begin();
      try {
        ClassicHttpResponse answer =
            client.executeOpen(
                new HttpHost(origin.scheme(), origin.host(), origin.port()), request, null);
        outward = proxied ? !names.inward(origin.host()) : names.isPublic(exchange.peer);
        return answer;
      } catch (NoHttpResponseException
          | SocketException
          | SSLException
          | StrictConnection.Surplus e) {
        if (!exchange.reused || stop.why().isPresent() || tries > settings.connections()) {
          throw e;
        }
      } catch (IllegalStateException e) {
        // The library's word for being stopped, or closed, before it has a connection.
        throw new Refusal(Cause.CANCELLED, Cause.CANCELLED.words());
      } finally {
        exchange.end();
      }
    }
  }

  private Optional<Outcome> take(Head head, ClassicHttpResponse answer, Optional<Partial> partial)
      throws IOException {
    HttpEntity entity = answer.getEntity();
    if (head.status() == PARTIAL_CONTENT && partial.isPresent()) {
      return goOn(head, entity, partial.get());
    }
    if (head.status() == RANGE_NOT_SATISFIABLE && partial.isPresent()) {
      return Optional.empty();
    }
    if (!WHOLE.contains(head.status())) {
      return Optional.of(
          new Broken(
              Cause.HTTP_STATUS,
              head.statusLine(),
              head.status(),
              PASSING.contains(head.status()),
              head.retryAfter(),
              url));
    }
    Coding coding = head.coding();
    long length = entity == null ? 0 : entity.getContentLength();
    if (length > settings.maxFileSize()) {
      throw tooLarge(length);
    }
    Facts facts =
        coding == Coding.NONE
            ? head.facts(length < 0 ? OptionalLong.empty() : OptionalLong.of(length))
            : head.unpackedFacts();
    return Optional.of(store(entity, coding, facts, target(() -> target.begin(facts)), 0));
  }

  private Optional<Outcome> goOn(Head head, @Nullable HttpEntity entity, Partial partial)
      throws IOException {
    Optional<ContentRange> range = head.contentRange();
    boolean fits =
        range.isPresent()
            && range.get().completes(partial)
            && entity != null
            && (entity.getContentLength() < 0 || entity.getContentLength() == range.get().bytes())
            && head.coding() == Coding.NONE
            && head.names(partial.validator())
            && url.equals(partial.finalUrl());
    if (!fits) {
      return Optional.empty();
    }
    long length = range.get().length();
    if (length > settings.maxFileSize()) {
      throw tooLarge(length);
    }
    Facts facts = head.facts(OptionalLong.of(length));
    return Optional.of(
        store(entity, Coding.NONE, facts, target(() -> target.resume(facts)), partial.bytes()));
  }

  private Outcome store(
      @Nullable HttpEntity entity, Coding coding, Facts facts, OutputStream output, long already)
      throws IOException {
    long stored = already;
    try {
      if (entity != null) {
        stored = copy(coding.undone(entity.getContent()), output, already, facts.length());
      }
    } catch (IOException e) {
      try {
        output.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
    target(
        () -> {
          output.close();
          return output;
        });
    return new Fetched(facts, stored);
  }

  private long copy(InputStream input, OutputStream output, long already, OptionalLong length)
      throws IOException {
    byte[] bytes = new byte[BUFFER];
    long stored = already;
    for (int read = input.read(bytes); read >= 0; read = input.read(bytes)) {
      int count = read;
      stored += count;
      if (stored > settings.maxFileSize()) {
        throw tooLarge(stored);
      }
      if (length.isPresent() && stored > length.getAsLong()) {
        throw new Refusal(Cause.BODY_TOO_LONG, "body longer than the range it was to be");
      }
      target(
          () -> {
            output.write(bytes, 0, count);
            return output;
          });
    }
    if (length.isPresent() && stored < length.getAsLong()) {
      throw new Refusal(
          Cause.BODY_TOO_SHORT,
          "body too short: " + stored + " of " + length.getAsLong() + " bytes");
    }
    return stored;
  }

  private Refusal tooLarge(long bytes) {
    return new Refusal(
        Cause.TOO_LARGE,
        "larger than allowed: " + bytes + " bytes or more; at most " + settings.maxFileSize());
  }

  /** Leaves the connection to the next request if little is left of this answer. */
  private static void end(HttpGet request, ClassicHttpResponse answer, boolean finished) {
    // Closing an answer alone would read the rest of it, however long.
    try (answer) {
      if (!finished || !drained(answer.getEntity())) {
        request.cancel();
      }
    } catch (IOException e) {
      // How this answer ends does not matter any more; its connection is closed.
      request.cancel();
    }
  }

  private static boolean drained(@Nullable HttpEntity entity) throws IOException {
    if (entity == null || entity.getContentLength() > BUFFER) {
      return entity == null;
    }
    InputStream rest = entity.getContent();
    return rest.readNBytes(BUFFER).length < BUFFER;
  }

  private Optional<Partial> partial() throws IOException {
    return target(target::partial).filter(partial -> partial.bytes() > 0);
  }

  /** Something the target does. */
  private interface Doing<T> {
    T done() throws IOException;
  }

  private static <T> T target(Doing<T> doing) throws Refusal {
    try {
      return doing.done();
    } catch (Refusal e) {
      throw e;
    } catch (IOException e) {
      String said = Texts.clean(String.valueOf(e.getMessage()));
      throw (Refusal)
          (e instanceof Target.FullException
                  ? new Refusal(Cause.DISK_FULL, said)
                  : new Refusal(Cause.NOT_WRITTEN, Cause.NOT_WRITTEN.words() + ": " + said))
              .initCause(e);
    }
  }

  private Broken broken(Cause cause, String text) {
    return new Broken(cause, text, status, cause.retryable(), Optional.empty(), shownUrl());
  }

  private URI shownUrl() {
    try {
      return Origin.plain(url);
    } catch (IllegalArgumentException e) {
      return url;
    }
  }

  private static String shown(URI url) {
    return Texts.clean(url.toString());
  }
}
