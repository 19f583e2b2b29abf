package io.divvy.node.member;

import io.divvy.protocol.RunKey;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that carry nothing: when a process dies, its system closes them, and the other side
 * knows within milliseconds.
 *
 * <p>A command says one line, which run it is; the node answers one line, its name. Then both keep
 * silent. One thread serves all connections of this JVM.
 */
public final class Liveness implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);
  private static final Pattern HELLO =
      Pattern.compile("divvy-liveness/1 ([0-9a-f]{32})#(\\d{1,9})");
  private static final int LONGEST_LINE = 200;
  private static final int MOST_CONNECTIONS = 1024;
  private static final Duration SHAKE_HANDS = Duration.ofSeconds(5);
  private static final long TICK_MILLIS = 200;
  private static final long UNTIL_SOMETHING_HAPPENS = 0;

  /** A connection to a node. */
  public final class Link implements Closeable {
    private final Connection connection;
    private final String node;

    private Link(Connection connection, String node) {
      this.connection = connection;
      this.node = node;
    }

    /** The node's name. */
    public String node() {
      return node;
    }

    /** Hangs up; the closure is not told to ourselves. */
    @Override
    public void close() {
      run(
          () -> {
            connection.onClosed = () -> {};
            drop(connection);
          });
    }
  }

  /** One socket; used on the selector's thread only. */
  private static final class Connection {
    final SocketChannel channel;
    final ByteBuffer in = ByteBuffer.allocate(LONGEST_LINE);
    Consumer<String> onLine;
    Consumer<Exception> onFailed;
    Runnable onClosed = () -> {};
    ByteBuffer out = ByteBuffer.allocate(0);
    boolean greeted;
    long deadline;

    Connection(
        SocketChannel channel, Consumer<String> onLine, Consumer<Exception> onFailed, Duration in) {
      this.channel = channel;
      this.onLine = onLine;
      this.onFailed = onFailed;
      this.deadline = System.nanoTime() + in.toNanos();
    }
  }

  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Map<RunKey, Integer> runs = new HashMap<>();
  private volatile boolean open = true;
  private int port;

  private Liveness() throws IOException {
    this.selector = Selector.open();
    this.thread = new Thread(this::loop, "divvy-liveness");
    this.thread.setDaemon(true);
  }

  /**
   * A node's side: listens at a port of the system's choice.
   *
   * @param opened told of each connection, which run it is
   * @param closed told when a run has no connection any more
   */
  public static Liveness listen(
      String host, String node, Consumer<RunKey> opened, Consumer<RunKey> closed)
      throws IOException {
    Liveness liveness = new Liveness();
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(Addresses.socketAddress(host, 0));
      channel.configureBlocking(false);
      channel.register(
          liveness.selector, SelectionKey.OP_ACCEPT, new Welcome(node, opened, closed));
      liveness.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      channel.close();
      liveness.selector.close();
      throw e;
    }
    liveness.thread.start();
    return liveness;
  }

  /** A command's side. */
  public static Liveness links() throws IOException {
    Liveness liveness = new Liveness();
    liveness.thread.start();
    return liveness;
  }

  private record Welcome(String node, Consumer<RunKey> opened, Consumer<RunKey> closed) {}

  /** Where it listens; 0 when it does not. */
  public int port() {
    return port;
  }

  /**
   * Connects to a node.
   *
   * @param onClosed called once, on the thread of this class, when the node hangs up or dies after
   *     the connection stood
   * @return fails when nobody answers properly in time
   */
  public CompletionStage<Link> connect(
      String host, int nodePort, RunKey run, Duration timeout, Runnable onClosed) {
    CompletableFuture<Link> link = new CompletableFuture<>();
    run(
        () -> {
          try {
            SocketChannel channel = SocketChannel.open();
            Connection connection =
                new Connection(channel, name -> {}, link::completeExceptionally, timeout);
            connection.onLine =
                name -> {
                  connection.onClosed = onClosed;
                  link.complete(new Link(connection, name));
                };
            connection.out = line("divvy-liveness/1 " + run);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, connection);
            try {
              if (channel.connect(Addresses.socketAddress(host, nodePort))) {
                connected(key, connection);
              }
            } catch (IOException | RuntimeException e) {
              fail(connection, e);
            }
          } catch (IOException e) {
            link.completeExceptionally(e);
          }
        });
    if (!open) {
      link.completeExceptionally(new IOException("closed"));
    }
    return link;
  }

  /** Hangs up everywhere; closures are not told to ourselves. */
  @Override
  public void close() {
    open = false;
    selector.wakeup();
  }

  private void run(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  private void loop() {
    try {
      while (open) {
        selector.select(isAnybodyAwaited() ? TICK_MILLIS : UNTIL_SOMETHING_HAPPENS);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          serve(key);
        }
        selector.selectedKeys().clear();
        dropOverdue();
      }
    } catch (IOException | ClosedSelectorException e) {
      LOG.error("Liveness connections ended", e);
    } finally {
      for (SelectionKey key : selector.keys()) {
        closeQuietly(key.channel());
      }
      closeQuietly(selector);
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (!key.isValid()) {
        return;
      }
      if (key.attachment() instanceof Welcome welcome) {
        accept((ServerSocketChannel) key.channel(), welcome);
      } else if (key.attachment() instanceof Connection connection) {
        talk(key, connection);
      }
    } catch (CancelledKeyException e) {
      LOG.debug("A connection was closed meanwhile");
    }
  }

  private void accept(ServerSocketChannel server, Welcome welcome) {
    try {
      @Nullable SocketChannel channel = server.accept();
      if (channel == null) {
        return;
      }
      if (selector.keys().size() > MOST_CONNECTIONS) {
        LOG.warn("More than {} liveness connections; closing a new one", MOST_CONNECTIONS);
        channel.close();
        return;
      }
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      Connection connection = new Connection(channel, line -> {}, e -> {}, SHAKE_HANDS);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ, connection);
      connection.onLine = line -> greet(key, connection, welcome, line);
    } catch (IOException e) {
      LOG.warn("Cannot accept a liveness connection: {}", e.toString());
    }
  }

  private void greet(SelectionKey key, Connection connection, Welcome welcome, String line) {
    Optional<RunKey> run = runIn(line);
    if (run.isEmpty()) {
      drop(connection);
      return;
    }
    runs.merge(run.get(), 1, Integer::sum);
    connection.onClosed = () -> leave(run.get(), welcome.closed());
    connection.out = line(welcome.node());
    flush(key, connection);
    welcome.opened().accept(run.get());
  }

  /** A run may connect anew before its old connection is seen to be closed. */
  private void leave(RunKey run, Consumer<RunKey> closed) {
    if (runs.merge(run, -1, Integer::sum) == 0) {
      runs.remove(run);
      closed.accept(run);
    }
  }

  static Optional<RunKey> runIn(String line) {
    Matcher matcher = HELLO.matcher(line);
    return matcher.matches()
        ? Optional.of(new RunKey(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  private void talk(SelectionKey key, Connection connection) {
    try {
      if (key.isConnectable() && connection.channel.finishConnect()) {
        connected(key, connection);
      }
      if (key.isValid() && key.isWritable()) {
        flush(key, connection);
      }
      if (key.isValid() && key.isReadable()) {
        read(connection);
      }
    } catch (IOException e) {
      fail(connection, e);
    }
  }

  private void connected(SelectionKey key, Connection connection) throws IOException {
    connection.channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    flush(key, connection);
  }

  private void flush(SelectionKey key, Connection connection) {
    try {
      connection.channel.write(connection.out);
      int more = connection.out.hasRemaining() ? SelectionKey.OP_WRITE : 0;
      key.interestOps(SelectionKey.OP_READ | more);
    } catch (IOException e) {
      fail(connection, e);
    }
  }

  private void read(Connection connection) throws IOException {
    int count = connection.channel.read(connection.in);
    if (count < 0) {
      fail(connection, new IOException("the other side hung up"));
    } else if (connection.greeted) {
      connection.in.clear(); // nothing more is expected; it is not kept
    } else {
      lineIn(connection.in)
          .ifPresent(
              line -> {
                connection.greeted = true;
                connection.in.clear();
                connection.onLine.accept(line);
              });
      if (!connection.greeted && !connection.in.hasRemaining()) {
        fail(connection, new IOException("no Divvy node: its first line is too long"));
      }
    }
  }

  private static Optional<String> lineIn(ByteBuffer in) {
    String text = StandardCharsets.UTF_8.decode(in.duplicate().flip()).toString();
    int end = text.indexOf('\n');
    return end < 0 ? Optional.empty() : Optional.of(text.substring(0, end));
  }

  private static ByteBuffer line(String text) {
    return ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a deadline may pass: connections that stand are silent, and so is this thread then. */
  private boolean isAnybodyAwaited() {
    return selector.keys().stream().anyMatch(key -> awaited(key).isPresent());
  }

  private void dropOverdue() {
    long now = System.nanoTime();
    for (SelectionKey key : List.copyOf(selector.keys())) {
      awaited(key)
          .filter(connection -> now - connection.deadline > 0)
          .ifPresent(late -> fail(late, new TimeoutException("nobody answered in time")));
    }
  }

  private static Optional<Connection> awaited(SelectionKey key) {
    return key.attachment() instanceof Connection connection && !connection.greeted
        ? Optional.of(connection)
        : Optional.empty();
  }

  private void fail(Connection connection, Exception why) {
    connection.onFailed.accept(why);
    drop(connection);
  }

  private void drop(Connection connection) {
    closeQuietly(connection.channel);
    Runnable onClosed = connection.onClosed;
    connection.onClosed = () -> {};
    try {
      onClosed.run();
    } catch (RuntimeException e) {
      LOG.error("Telling of a closed connection failed", e);
    }
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("Closing failed: {}", e.toString());
    }
  }
}
