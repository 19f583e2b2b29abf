package io.divvy.node.compare.download;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A web server that has images and takes its time. Each connection has a thread, which sleeps until
 * the next bytes are due: many slow connections cost next to nothing.
 */
public final class ImageServer implements Closeable {

  private static final int BACKLOG = 1024;
  private static final int LONGEST_LINE = 8192;
  private static final int MOST_LINES = 200;
  private static final int LARGEST_PIECE = 1 << 16;
  private static final int SMALLEST_PIECE = 1 << 10;
  private static final int PIECES_A_SECOND = 100;
  private static final Pattern IMAGE =
      Pattern.compile("GET /photos/([0-9]{1,9})/download(\\?\\S*)? HTTP/1\\.[01]");

  private final Offer offer;
  private final List<byte[]> images = new ArrayList<>();
  private final ServerSocket listening;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private ImageServer(Offer offer, ServerSocket listening) {
    this.offer = offer;
    this.listening = listening;
  }

  /** Makes the images and serves them at a free port of an address of this machine. */
  public static ImageServer start(Offer offer, InetAddress address) throws IOException {
    ServerSocket listening = new ServerSocket();
    boolean started = false;
    try {
      listening.bind(new InetSocketAddress(address, 0), BACKLOG);
      ImageServer server = new ImageServer(offer, listening);
      for (int number = 0; number < offer.images(); number++) {
        server.images.add(Picture.png(number, offer.bytes()));
      }
      thread("divvy-images", server::accept).start();
      started = true;
      return server;
    } finally {
      if (!started) {
        listening.close();
      }
    }
  }

  /** A list of all images, one URL a line. The names of all of them end alike. */
  public String list() {
    String host = listening.getInetAddress().getHostAddress();
    String authority =
        (host.contains(":") ? "[" + host + "]" : host) + ":" + listening.getLocalPort();
    return IntStream.range(0, images.size())
        .mapToObj(number -> "http://" + authority + "/photos/" + number + "/download\n")
        .collect(Collectors.joining());
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listening.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket connection = listening.accept();
        connections.add(connection);
        thread("divvy-images-connection", () -> serve(connection)).start();
      } catch (IOException e) {
        // Closed, or one client that left at once.
      }
    }
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream input = new BufferedInputStream(connection.getInputStream());
      OutputStream output = connection.getOutputStream();
      boolean more = !closed;
      while (more) {
        more = answer(input, output);
      }
    } catch (IOException | InterruptedException e) {
      // The client left, or the server closes: nothing is owed to anybody.
    } finally {
      connections.remove(connection);
    }
  }

  /** Answers the next request; whether another one may follow. */
  private boolean answer(InputStream input, OutputStream output)
      throws IOException, InterruptedException {
    String request = line(input);
    if (request.isEmpty()) {
      return false;
    }
    int lines = 0;
    while (!line(input).isEmpty()) {
      if (++lines > MOST_LINES) {
        return false;
      }
    }
    long asked = System.nanoTime();
    sleepUntil(asked + offer.latency().toNanos());
    Matcher image = IMAGE.matcher(request);
    if (image.matches() && Integer.parseInt(image.group(1)) < images.size()) {
      send(images.get(Integer.parseInt(image.group(1))), output);
      return true;
    }
    output.write(
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII));
    return false;
  }

  /** So that the last byte comes when so many bytes are due, not before. */
  private void send(byte[] image, OutputStream output) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    output.write(
        ("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: "
                + image.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    int piece =
        (int)
            Math.max(
                SMALLEST_PIECE, Math.min(LARGEST_PIECE, offer.bytesPerSecond() / PIECES_A_SECOND));
    for (int sent = 0; sent < image.length; ) {
      int next = Math.min(piece, image.length - sent);
      sleepUntil(begun + (long) (1e9 * (sent + next) / offer.bytesPerSecond()));
      output.write(image, sent, next);
      sent += next;
    }
  }

  private static void sleepUntil(long nanoTime) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
  }

  /** The next line without its end; empty at the end of all, too. */
  private static String line(InputStream input) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = input.read(); next >= 0 && next != '\n'; next = input.read()) {
      if (line.length() == LONGEST_LINE) {
        throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }
}
