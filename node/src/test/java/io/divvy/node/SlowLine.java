package io.divvy.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A long way between two ports of this machine: every byte takes this time in each direction. */
final class SlowLine implements AutoCloseable {
  private static final int LOT = 64 * 1024;

  private record Lot(long due, byte[] bytes) {}

  private final ServerSocket listener;
  private final int to;
  private final long delayNanos;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** Whoever connects to {@code from} is connected to {@code to}. */
  SlowLine(int from, int to, Duration delay) throws IOException {
    this.listener = new ServerSocket(from, 50, InetAddress.getLoopbackAddress());
    this.to = to;
    this.delayNanos = delay.toNanos();
    daemon(this::accept);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** How many connections went this way. */
  int connections() {
    return sockets.size() / 2;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        sockets.add(near);
        Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
        sockets.add(far);
        carry(near, far);
        carry(far, near);
      } catch (IOException e) {
        if (!listener.isClosed()) {
          System.err.println("the slow line lost a connection: " + e);
        }
      }
    }
  }

  private void carry(Socket from, Socket to) {
    BlockingQueue<Lot> line = new LinkedBlockingQueue<>();
    daemon(() -> read(from, line));
    daemon(() -> write(from, to, line));
  }

  private void read(Socket from, BlockingQueue<Lot> line) {
    byte[] buffer = new byte[LOT];
    try (from) {
      InputStream in = from.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        line.add(new Lot(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, count)));
      }
    } catch (IOException e) {
      // The connection broke, which the other side is to hear as well.
    } finally {
      line.add(new Lot(System.nanoTime() + delayNanos, new byte[0]));
    }
  }

  private static void write(Socket from, Socket to, BlockingQueue<Lot> line) {
    try (from;
        to) {
      OutputStream out = to.getOutputStream();
      for (Lot lot = line.take(); lot.bytes().length > 0; lot = line.take()) {
        for (long left = lot.due() - System.nanoTime();
            left > 0;
            left = lot.due() - System.nanoTime()) {
          LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
        out.write(lot.bytes());
      }
    } catch (IOException e) {
      // Both ends are closed now, and the reader ends.
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a line", e);
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "slow-line");
    thread.setDaemon(true);
    thread.start();
  }
}
