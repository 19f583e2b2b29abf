package io.divvy.node.download;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A web server on loopback that misbehaves as the path of a request says; {@link #on} adds more
 * paths. It counts what it is asked and by how many at once.
 *
 * <p>What stands behind the behaviour in a path is up to the test, so that one behaviour serves
 * many URLs: {@code /plain/1000/a.jpg}. The first number is the size of the body.
 */
public final class UnrulyServer implements AutoCloseable {
  /** One request. */
  public record Request(String path, Map<String, String> headers, int nth) {
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The number in the path behind the behaviour, 1000 when there is none. */
    public int size() {
      return Arrays.stream(path.split("[/?]", -1))
          .skip(2)
          .filter(part -> part.matches("[0-9]+"))
          .map(Integer::parseInt)
          .findFirst()
          .orElse(1000);
    }
  }

  /** What the server does with a request. */
  public interface Behaviour {
    void answer(Request request, Wire wire) throws IOException;
  }

  /** The connection that a request came by. */
  public final class Wire {
    private final Socket raw;
    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;
    private boolean closing;

    Wire(Socket raw) throws IOException {
      this.raw = raw;
      this.socket = tls.isPresent() ? secured(raw, tls.get()) : raw;
      this.input = new BufferedInputStream(socket.getInputStream());
      this.output = socket.getOutputStream();
    }

    /** Says all of it at once; every line feed becomes a whole line end. */
    public void say(String head) throws IOException {
      say(head, new byte[0]);
    }

    /** Says head and body at once. */
    public void say(String head, byte[] body) throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      all.writeBytes(body);
      send(all.toByteArray());
    }

    public void send(byte[] bytes) throws IOException {
      output.write(bytes);
      output.flush();
    }

    /** Ends the connection properly when the answer was given. */
    public void close() {
      closing = true;
    }

    /** Ends the connection as a crashed machine would. */
    public void reset() throws IOException {
      raw.setSoLinger(true, 0);
      raw.close();
    }

    /** Ends the connection below TLS, as somebody between can. */
    public void cut() throws IOException {
      raw.shutdownOutput();
      raw.close();
    }

    /** Does nothing until the client has gone. */
    public void stall() throws IOException {
      stalled.incrementAndGet();
      while (input.read() >= 0) {
        // More requests would be heard by nobody.
      }
    }

    /** Waits, shorter when the server is closed or the client goes: who went is not counted. */
    public void pause(long millis) throws IOException {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      try {
        for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
          raw.setSoTimeout((int) left);
          input.mark(1);
          if (input.read() < 0) {
            throw new IOException("the client has gone");
          }
          input.reset(); // of the next request, which waits
          if (closed.await(left, TimeUnit.MILLISECONDS)) {
            throw new IOException("closed");
          }
        }
      } catch (SocketTimeoutException e) {
        // The time is over.
      } catch (InterruptedException e) {
        throw new IOException(e);
      } finally {
        raw.setSoTimeout(0);
      }
    }
  }

  /** What names the state of a file that can be gone on with. */
  public static final String TAG = "\"state-1\"";

  private final ServerSocket listening;
  private final Optional<SSLContext> tls;
  private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
  private final List<Request> seen = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger stalled = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile long dripMillis = 1000;

  public UnrulyServer() throws IOException {
    this(new ServerSocket(0, 500, InetAddress.getLoopbackAddress()), Optional.empty());
  }

  /** Speaks TLS. */
  public UnrulyServer(SSLContext tls) throws IOException {
    this(new ServerSocket(0, 500, InetAddress.getLoopbackAddress()), Optional.of(tls));
  }

  /** Listens on another address. */
  public UnrulyServer(ServerSocket listening) {
    this(listening, Optional.empty());
  }

  private UnrulyServer(ServerSocket listening, Optional<SSLContext> tls) {
    this.listening = listening;
    this.tls = tls;
    behave();
    start(this::accept);
  }

  public URI url(String path) {
    return URI.create(
        (tls.isPresent() ? "https" : "http")
            + "://"
            + listening.getInetAddress().getHostAddress()
            + ":"
            + listening.getLocalPort()
            + path);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Adds what to do with paths that begin with {@code /NAME}. */
  public UnrulyServer on(String name, Behaviour behaviour) {
    behaviours.put(name, behaviour);
    return this;
  }

  /** How long it is between two bytes of {@code /dripping}. */
  public UnrulyServer drippingEvery(long millis) {
    dripMillis = millis;
    return this;
  }

  public int connections() {
    return connections.get();
  }

  public int connectionsNow() {
    return open.size();
  }

  public int mostConnections() {
    return most.get();
  }

  public int requests(String path) {
    AtomicInteger count = requests.get(path);
    return count == null ? 0 : count.get();
  }

  /** How many clients wait for something that will not come. */
  public int stalled() {
    return stalled.get();
  }

  public List<Request> seen() {
    return List.copyOf(seen);
  }

  public Request last() {
    return seen.get(seen.size() - 1);
  }

  /** The body that has this size. */
  public static byte[] content(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8) * 7 + 1);
    }
    return bytes;
  }

  public static byte[] gzip(byte[] bytes) {
    return packed(bytes, GZIPOutputStream::new);
  }

  public static byte[] deflate(byte[] bytes) {
    return packed(bytes, DeflaterOutputStream::new);
  }

  /** The bytes in chunks, with the last one. */
  public static byte[] chunked(byte[] bytes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int step = 7000;
    for (int i = 0; i < bytes.length; i += step) {
      int count = Math.min(step, bytes.length - i);
      all.writeBytes((Integer.toHexString(count) + ";x=y\r\n").getBytes(StandardCharsets.US_ASCII));
      all.write(bytes, i, count);
      all.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    all.writeBytes("0\r\nX-Trailer: 1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return all.toByteArray();
  }

  private void behave() {
    on("plain", (request, wire) -> whole(wire, content(request.size()), ""));
    on("empty", (request, wire) -> whole(wire, new byte[0], ""));
    on("resumable", this::resumable);
    on(
        "chunked",
        (request, wire) ->
            wire.say(
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n",
                chunked(content(request.size()))));
    on(
        "unending",
        (request, wire) -> {
          wire.say("HTTP/1.1 200 OK\n\n", content(request.size()));
          wire.close();
        });
    on(
        "gzip",
        (request, wire) ->
            whole(wire, gzip(content(request.size())), "Content-Encoding: gzip\nETag: \"g\"\n"));
    on(
        "deflate",
        (request, wire) ->
            whole(wire, deflate(content(request.size())), "Content-Encoding: deflate\n"));
    on("brotli", (request, wire) -> whole(wire, content(10), "Content-Encoding: br\n"));
    on("redirect", this::redirect);
    on("loop", (request, wire) -> moved(wire, 302, "/loop/again"));
    on("further", (request, wire) -> moved(wire, 302, "/further/" + (request.size() + 1)));
    on("status", (request, wire) -> status(wire, request.size(), ""));
    on("busy", (request, wire) -> status(wire, 429, "Retry-After: 7\n"));
    on(
        "busy-once",
        (request, wire) -> {
          if (request.nth() == 1) {
            status(wire, 429, "Retry-After: 1\n");
          } else {
            whole(wire, content(request.size()), "");
          }
        });
    on(
        "recovering",
        (request, wire) -> {
          if (request.nth() <= 2) {
            status(wire, 500, "");
          } else {
            whole(wire, content(request.size()), "");
          }
        });
    troublesBodies();
    troublesHeaders();
  }

  private void troublesBodies() {
    on(
        "reset",
        (request, wire) -> {
          if (request.nth() == 1) {
            half(request, wire, TAG);
            wire.reset();
          } else {
            resumable(request, wire);
          }
        });
    on(
        "changed",
        (request, wire) -> {
          if (request.nth() == 1) {
            half(request, wire, "\"state-0\"");
            wire.reset();
          } else {
            resumable(request, wire);
          }
        });
    on(
        "range-ignored",
        (request, wire) -> {
          if (request.nth() == 1) {
            half(request, wire, TAG);
            wire.reset();
          } else {
            whole(wire, content(request.size()), "ETag: " + TAG + "\n");
          }
        });
    on(
        "wrong-range",
        (request, wire) -> {
          if (request.nth() == 1) {
            half(request, wire, TAG);
            wire.reset();
          } else if (request.header("Range").isPresent()) {
            int size = request.size();
            byte[] body = content(size);
            part(wire, Arrays.copyOfRange(body, 3, size), "bytes 3-" + (size - 1) + "/" + size);
          } else {
            whole(wire, content(request.size()), "ETag: " + TAG + "\n");
          }
        });
    on(
        "short",
        (request, wire) -> {
          half(request, wire, TAG);
          wire.close();
        });
    on(
        "long",
        (request, wire) -> {
          wire.say(
              "HTTP/1.1 200 OK\nContent-Length: " + request.size() + "\n\n",
              content(request.size() + 5));
        });
    on(
        "stalled-body",
        (request, wire) -> {
          half(request, wire, TAG);
          wire.stall();
        });
    on(
        "dripping",
        (request, wire) -> {
          wire.say("HTTP/1.1 200 OK\nContent-Length: 1000000\n\n");
          for (int i = 0; i < 1000000; i++) {
            wire.send(new byte[1]);
            wire.pause(dripMillis);
          }
        });
    on(
        "endless",
        (request, wire) -> {
          wire.say("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
          for (byte[] chunk = new byte[8192]; ; ) {
            wire.say("2000\n", chunk);
            wire.say("\n");
          }
        });
    on("negative-chunk", (request, wire) -> chunks(wire, "5\nhello\n-5\nhello\n0\n\n"));
    on("signed-chunk", (request, wire) -> chunks(wire, "+5\nhello\n0\n\n"));
    on("garbage-chunk", (request, wire) -> chunks(wire, "5\nhello\nhi there\n0\n\n"));
    on("overrun-chunk", (request, wire) -> chunks(wire, "3\nhello\n0\n\n"));
    on("huge-chunk", (request, wire) -> chunks(wire, "ffffffffffffffff\nhello\n0\n\n"));
    on(
        "cut-chunks",
        (request, wire) -> {
          chunks(wire, "5\nhello\n");
          wire.close();
        });
  }

  private void troublesHeaders() {
    on("stalled-headers", (request, wire) -> wire.stall());
    on(
        "half-headers",
        (request, wire) -> {
          wire.say("HTTP/1.1 200 OK\nContent-Le");
          wire.close();
        });
    on("silent", (request, wire) -> wire.close());
    on(
        "both-lengths",
        (request, wire) ->
            wire.say(
                """
                HTTP/1.1 200 OK
                Content-Length: 3
                Transfer-Encoding: chunked

                5
                hello
                0

                """));
    on(
        "two-lengths",
        (request, wire) ->
            wire.say("HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: 5\n\nhello"));
    on(
        "negative-length",
        (request, wire) -> wire.say("HTTP/1.1 200 OK\nContent-Length: -1\n\nhello"));
    on("bad-status", (request, wire) -> wire.say("HTTP/1.1 abc Fine\nContent-Length: 0\n\n"));
    on("no-status", (request, wire) -> wire.say("hello\n\n"));
    on(
        "escapes",
        (request, wire) -> wire.say("HTTP/1.1 404 \u001b[31mred\u0007\nContent-Length: 0\n\n"));
    on(
        "absurd-line",
        (request, wire) ->
            wire.say(
                "HTTP/1.1 200 OK\nX-Long: " + "a".repeat(1 << 20) + "\nContent-Length: 0\n\n"));
    on(
        "absurd-count",
        (request, wire) ->
            wire.say("HTTP/1.1 200 OK\n" + "X-Many: 1\n".repeat(10000) + "Content-Length: 0\n\n"));
    on(
        "endless-headers",
        (request, wire) -> {
          wire.say("HTTP/1.1 200 OK\n");
          while (true) {
            wire.say(("X-More: " + "a".repeat(1000) + "\n").repeat(20));
          }
        });
  }

  private static void chunks(Wire wire, String chunks) throws IOException {
    wire.say("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" + chunks);
  }

  private static void whole(Wire wire, byte[] body, String headers) throws IOException {
    wire.say("HTTP/1.1 200 OK\nContent-Length: " + body.length + "\n" + headers + "\n", body);
  }

  private static void part(Wire wire, byte[] body, String range) throws IOException {
    wire.say(
        "HTTP/1.1 206 Partial Content\nContent-Length: "
            + body.length
            + "\nETag: "
            + TAG
            + "\nContent-Range: "
            + range
            + "\n\n",
        body);
  }

  private static void half(Request request, Wire wire, String tag) throws IOException {
    byte[] body = content(request.size());
    wire.say(
        "HTTP/1.1 200 OK\nContent-Length: " + body.length + "\nETag: " + tag + "\n\n",
        Arrays.copyOf(body, body.length / 2));
    // What is reset is dropped at both ends, so the client has to have taken it before.
    wire.pause(100);
  }

  private void resumable(Request request, Wire wire) throws IOException {
    int size = request.size();
    byte[] body = content(size);
    Optional<String> range = request.header("Range");
    if (range.isEmpty() || !request.header("If-Range").equals(Optional.of(TAG))) {
      whole(wire, body, "ETag: " + TAG + "\nAccept-Ranges: bytes\n");
      return;
    }
    int from = Integer.parseInt(range.get().replaceAll("bytes=([0-9]+)-", "$1"));
    part(
        wire,
        Arrays.copyOfRange(body, from, size),
        "bytes " + from + "-" + (size - 1) + "/" + size);
  }

  /** {@code /redirect/STATUS?TO}. */
  private void redirect(Request request, Wire wire) throws IOException {
    moved(wire, request.size(), request.path().substring(request.path().indexOf('?') + 1));
  }

  public static void moved(Wire wire, int status, String to) throws IOException {
    wire.say("HTTP/1.1 " + status + " Moved\nLocation: " + to + "\nContent-Length: 5\n\nmoved");
  }

  private static void status(Wire wire, int status, String headers) throws IOException {
    wire.say("HTTP/1.1 " + status + " So\nContent-Length: 4\n" + headers + "\nnope");
  }

  private interface Packing {
    OutputStream around(OutputStream output) throws IOException;
  }

  private static byte[] packed(byte[] bytes, Packing packing) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (OutputStream output = packing.around(all)) {
      output.write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return all.toByteArray();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        connections.incrementAndGet();
        open.add(socket);
        most.accumulateAndGet(open.size(), Math::max);
        start(() -> serve(socket));
      } catch (IOException e) {
        // Closed, or a client that went at once.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      Wire wire = new Wire(socket);
      for (Optional<Request> request = read(wire.input);
          request.isPresent() && !wire.closing;
          request = wire.closing ? Optional.empty() : read(wire.input)) {
        String[] path = request.get().path().split("[/?]", -1);
        String name = path.length > 1 ? path[1] : "";
        behaviours.getOrDefault(name, (r, w) -> status(w, 404, "")).answer(request.get(), wire);
      }
      wire.socket.close();
    } catch (IOException e) {
      // The client went, as many do here.
    } finally {
      open.remove(socket);
    }
  }

  private static Socket secured(Socket raw, SSLContext tls) throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(raw, "client", raw.getPort(), true);
    socket.setUseClientMode(false);
    return socket;
  }

  private Optional<Request> read(InputStream input) throws IOException {
    String first = line(input);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(input); !line.isEmpty(); line = line(input)) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IOException("no header");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    String path = first.split(" ", -1)[1];
    int nth = requests.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
    Request request = new Request(path, headers, nth);
    seen.add(request);
    return Optional.of(request);
  }

  private static String line(InputStream input) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = input.read(); b >= 0 && b != '\n'; b = input.read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "unruly-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
