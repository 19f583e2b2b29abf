package io.divvy.node.download.transfer;

import io.divvy.protocol.HandOut;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One transfer between its thread and the actor: how far it is, that it shall end, and how much of
 * its file was received where it is streamed to.
 */
final class Trip implements Fetcher.Control {

  final HandOut handOut;

  /** When it must be closed, by this node's clock; used by the actor alone. */
  long leaseEnd;

  private final Throttle throttle;
  private final Calls calls;
  private volatile long bytes;
  private volatile long length = -1;
  private volatile boolean cancelled;

  // Guarded by this.
  private final List<Runnable> closers = new ArrayList<>();
  private @Nullable Thread thread;
  private String why = "";
  private long received;
  private int hop;
  private String waitsFor = "";

  /** What the coordinator is to hear at once. */
  interface Calls {
    void landed();

    /** It was sent on to this host, the {@code hop}-th time. */
    void redirected(int hop, String host);
  }

  Trip(HandOut handOut, long leaseEnd, Throttle throttle, Calls calls) {
    this.handOut = handOut;
    this.leaseEnd = leaseEnd;
    this.throttle = throttle;
    this.calls = calls;
  }

  @Override
  public void moved(long newBytes, long newLength) {
    bytes = newBytes;
    length = newLength;
  }

  @Override
  public void landed() {
    calls.landed();
  }

  @Override
  public synchronized void crossTo(String host) throws InterruptedException {
    hop++;
    waitsFor = host;
    calls.redirected(hop, host);
    while (!waitsFor.isEmpty()) {
      if (cancelled) {
        throw new InterruptedException(why);
      }
      wait();
    }
  }

  /** It may go on at the host that it was sent to as the {@code reached}-th. */
  synchronized void goOn(int reached) {
    if (reached == hop) {
      waitsFor = "";
      notifyAll();
    }
  }

  /** Says again where it was sent to, while it waits there. */
  synchronized void remind() {
    if (!waitsFor.isEmpty()) {
      calls.redirected(hop, waitsFor);
    }
  }

  @Override
  public void take(int size) throws InterruptedException {
    throttle.take(size, this::isCancelled);
  }

  @Override
  public void onCancel(Runnable close) {
    synchronized (this) {
      if (!cancelled) {
        closers.add(close);
        return;
      }
    }
    close.run();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  long bytes() {
    return bytes;
  }

  long length() {
    return length;
  }

  /** Its thread takes it up. */
  synchronized void begin() {
    thread = Thread.currentThread();
  }

  /** Its thread is done with it; no interrupt of it reaches the next trip of that thread. */
  synchronized void end() {
    thread = null;
    Thread.interrupted();
  }

  /** It shall end. What closes it is returned: it may block. */
  synchronized List<Runnable> cancel(String reason) {
    if (cancelled) {
      return List.of();
    }
    cancelled = true;
    why = reason;
    notifyAll();
    if (thread != null) {
      thread.interrupt();
    }
    return List.copyOf(closers);
  }

  /** Why it was cancelled. */
  synchronized String why() {
    return why;
  }

  /** The bytes of its file before this offset are safe at the other end. */
  synchronized void received(long offset) {
    received = Math.max(received, offset);
    notifyAll();
  }

  synchronized long received() {
    return received;
  }

  /** Waits until more than this was received, it is cancelled, or the time is over. */
  synchronized long awaitMoreThan(long before, long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && received <= before && !cancelled; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    return received;
  }
}
