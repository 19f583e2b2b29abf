package io.divvy.node.report;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The two streams of a command: the answer goes to stdout, everything said about it to stderr.
 *
 * <p>Safe to use from several threads. Whoever waits for stdout (a pager that is not read, say)
 * does not keep stderr from being written.
 */
public final class Console {

  private static final String ERASE_LINE = "\r\u001b[K";

  private final OutputStream out;
  private final OutputStream err;
  private final boolean terminal;
  private final int columns;
  private final Object errLock = new Object();
  private String bar = "";
  private volatile @Nullable IOException outFailure;

  /**
   * @param terminal whether a person looks at stderr, so that a line may be redrawn
   * @param columns how wide that terminal is
   */
  public Console(OutputStream out, OutputStream err, boolean terminal, int columns) {
    this.out = new BufferedOutputStream(out, 1 << 16);
    this.err = err;
    this.terminal = terminal;
    this.columns = columns;
  }

  public boolean terminal() {
    return terminal;
  }

  public int columns() {
    return columns;
  }

  /** Adds a line to the answer. It is seen after {@link #flush()} at the latest. */
  public void answer(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      rethrow();
      try {
        out.write(bytes);
      } catch (IOException e) {
        throw remembered(e);
      }
    }
  }

  /** Everything answered so far is written. */
  public void flush() throws IOException {
    clearBar();
    synchronized (out) {
      rethrow();
      try {
        out.flush();
      } catch (IOException e) {
        throw remembered(e);
      }
    }
  }

  /** Why nothing can be written to stdout any more, or null. */
  public @Nullable IOException outFailure() {
    return outFailure;
  }

  /** Whether stdout's reader has left, as {@code head} does: no reason to complain. */
  public boolean readerLeft() {
    IOException failure = outFailure;
    return failure != null
        && failure.getMessage() != null
        // The system's own words, in the user's language; this one seems to be kept in all of them.
        && failure.getMessage().toLowerCase(Locale.ROOT).contains("pipe");
  }

  /** Says a line on stderr. */
  public void note(String line) {
    synchronized (errLock) {
      print((bar.isEmpty() ? "" : ERASE_LINE) + line + "\n");
      bar = "";
    }
  }

  /** Shows a line on stderr until the next one; nothing when nobody looks. */
  public void bar(String text) {
    if (!terminal) {
      return;
    }
    synchronized (errLock) {
      if (!text.equals(bar)) {
        print(ERASE_LINE + text);
        bar = text;
      }
    }
  }

  /** Takes the bar away. */
  public void clearBar() {
    synchronized (errLock) {
      if (!bar.isEmpty()) {
        print(ERASE_LINE);
        bar = "";
      }
    }
  }

  private void print(String text) {
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      // Nobody is left to be told.
    }
  }

  private void rethrow() throws IOException {
    IOException failure = outFailure;
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private IOException remembered(IOException failure) {
    outFailure = failure;
    return failure;
  }
}
