package io.divvy.node.model;

import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.download.Entry;
import io.divvy.coordinator.download.KeptConnections;
import io.divvy.coordinator.download.Retries;
import io.divvy.coordinator.download.Sink.Ending;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.download.transfer.Fetcher;
import io.divvy.node.download.transfer.Throttle;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The baseline of downloads: one plain thread fetches one file after the other, in the order of the
 * list, and waits out each pause before it tries again. No actors, no messages.
 */
final class SequentialDownload implements Fetcher.Control {

  private static final long PROGRESS_NANOS = 200_000_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final NodeInfo node;
  private final Limits limits;
  private final Fetcher fetcher;
  private final Ends ends;
  private final Consumer<JobEvent> listener;
  private final BooleanSupplier interrupted;
  private final Retries retries;
  private final Throttle throttle = new Throttle(System::nanoTime);
  private final Map<String, Long> lastStart = new HashMap<>();
  private final KeptConnections kept = new KeptConnections();
  private final Map<String, Long> causes = new LinkedHashMap<>();
  private volatile Runnable closer = () -> {};
  // The host that may be connected to; none between two transfers.
  private String place = "";
  private String current = "";
  private long currentBegan;
  private long currentBytes;
  private long items;
  private long done;
  private long present;
  private long failed;
  private long bytes;
  private long attempts;
  private long retried;
  private long lastRequest;
  private long begun;
  private long toldAt;
  private boolean listRead;
  private @Nullable String fullDisk;

  /**
   * @param interrupted whether to end soon; whoever makes it so calls {@link #interrupt}
   */
  SequentialDownload(
      NodeInfo node,
      Limits limits,
      Fetcher fetcher,
      Ends ends,
      Consumer<JobEvent> listener,
      BooleanSupplier interrupted) {
    this.node = node;
    this.limits = limits;
    this.fetcher = fetcher;
    this.ends = ends;
    this.listener = listener;
    this.interrupted = interrupted;
    this.retries =
        new Retries(
            limits.retries(),
            limits.longestWaitNanos(),
            () -> ThreadLocalRandom.current().nextDouble());
    throttle.limit(limits.bytesPerSecond());
  }

  DownloadOutcome run(RunKey key) throws IOException, InterruptedException {
    begun = System.nanoTime();
    toldAt = begun;
    lastRequest = begun - TimeUnit.DAYS.toNanos(1);
    listener.accept(new JobEvent.Started(key, -1));
    listener.accept(new JobEvent.NodeJoined(node));
    try {
      while (!interrupted.getAsBoolean() && !isHalted() && !listRead) {
        List<Entry> next = ends.source().next(1);
        listRead = next.isEmpty();
        for (Entry entry : next) {
          items++;
          settle(entry);
        }
      }
    } catch (InterruptedException e) {
      if (!interrupted.getAsBoolean()) {
        throw e;
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    long remaining = items - done - failed;
    Status status =
        remaining > 0 || !listRead
            ? isHalted() ? Status.HALTED : Status.INTERRUPTED
            : failed > 0 ? Status.FAILED_ITEMS : Status.DONE;
    listener.accept(new JobEvent.Finished(status.word(), seconds));
    return new DownloadOutcome(
        key,
        status,
        items,
        listRead,
        done,
        present,
        failed,
        remaining,
        causes,
        bytes,
        attempts,
        retried,
        0,
        List.of(),
        List.of(node),
        seconds,
        -1,
        status == Status.HALTED ? problem() : null);
  }

  private boolean isHalted() {
    return fullDisk != null || failed >= limits.mostFailed();
  }

  private String problem() {
    return fullDisk == null ? Limits.haltedAt(failed) : fullDisk;
  }

  private void settle(Entry entry) throws IOException, InterruptedException {
    if (entry instanceof Entry.Present) {
      done++;
      present++;
    } else if (entry instanceof Entry.Bad bad) {
      end(new Ending(bad, Tried.Broken.of(bad.cause(), bad.text(), false), 0, ""));
    } else {
      fetch((Entry.Wanted) entry);
    }
  }

  private void fetch(Entry.Wanted entry) throws IOException, InterruptedException {
    for (int failures = 0; ; ) {
      awaitTurn(entry.host());
      Tried tried = tried(entry, failures);
      if (interrupted.getAsBoolean() && tried instanceof Tried.Broken) {
        return;
      }
      if (!(tried instanceof Tried.Broken broken)) {
        end(new Ending(entry, tried, failures + 1, node.name()));
        return;
      }
      if (broken.isDiskFull()) {
        fullDisk = broken.text();
        return;
      }
      failures++;
      Retries.Next next = retries.after(broken, failures);
      if (next instanceof Retries.GiveUp giveUp) {
        end(new Ending(entry, giveUp.broken(), failures, node.name()));
        return;
      }
      retried++;
      TimeUnit.NANOSECONDS.sleep(((Retries.Again) next).waitNanos());
    }
  }

  private Tried tried(Entry.Wanted entry, int failures) throws InterruptedException {
    attempts++;
    current = entry.url();
    currentBegan = System.nanoTime();
    currentBytes = 0;
    try {
      return fetcher
          .fetch(
              new HandOut(
                  attempts, entry.item(), entry.url(), entry.name(), entry.sha256(), failures),
              this)
          .tried();
    } catch (IOException e) {
      return Tried.Broken.of("internal", String.valueOf(e.getMessage()), true);
    } finally {
      current = "";
      leave();
    }
  }

  private void awaitTurn(String host) throws InterruptedException {
    long turn = lastStart.getOrDefault(host, begun - limits.delayNanos()) + limits.delayNanos();
    if (limits.requestsPerSecond() > 0) {
      turn = Math.max(turn, lastRequest + (long) (SECOND / limits.requestsPerSecond()));
    }
    TimeUnit.NANOSECONDS.sleep(turn - System.nanoTime());
    awaitEnd(host);
    place = host;
    lastRequest = System.nanoTime();
    lastStart.put(host, lastRequest);
  }

  /**
   * Waits until no connection to the host is left that may just be closing: a server could count it
   * and the next one as two, and there are never more than these.
   */
  private void awaitEnd(String host) throws InterruptedException {
    long now = System.nanoTime();
    while (kept.count(host, now) > 0 && !kept.has(host, node.name(), now)) {
      TimeUnit.NANOSECONDS.sleep(kept.nextEnd(host, now) - now);
      now = System.nanoTime();
    }
    kept.use(host, node.name(), now);
  }

  /** The connection is not needed any more, and may be kept. */
  private void leave() {
    if (!place.isEmpty() && limits.perHost() == 1) {
      kept.keep(place, node.name(), System.nanoTime());
    }
    place = "";
  }

  private void end(Ending ending) throws IOException {
    if (ending.tried() instanceof Tried.Ok ok) {
      done++;
      bytes += ok.bytes();
    } else {
      failed++;
      causes.merge(((Tried.Broken) ending.tried()).cause(), 1L, Long::sum);
    }
    ends.sink().ended(List.of(ending));
    tell();
  }

  private void tell() {
    long now = System.nanoTime();
    if (now - toldAt < PROGRESS_NANOS) {
      return;
    }
    toldAt = now;
    long all = bytes + currentBytes;
    List<JobEvent.Transferring> slowest =
        current.isEmpty()
            ? List.of()
            : List.of(
                new JobEvent.Transferring(
                    current, node.name(), currentBytes, -1, (now - currentBegan) / 1e9));
    listener.accept(
        new JobEvent.Downloading(
            done, failed, items, listRead, all, all / ((now - begun) / 1e9), -1, 1, 1, slowest));
  }

  /** Ends what is under way; from any thread. */
  void interrupt() {
    closer.run();
  }

  @Override
  public void moved(long newBytes, long length) {
    currentBytes = newBytes;
    tell();
  }

  @Override
  public void landed() {
    // There is nobody to leave the connection to.
  }

  @Override
  public void crossTo(String host) throws InterruptedException {
    leave();
    awaitTurn(host);
  }

  @Override
  public void take(int count) throws InterruptedException {
    throttle.take(count, interrupted);
  }

  @Override
  public void onCancel(Runnable close) {
    closer = close;
    if (interrupted.getAsBoolean()) {
      close.run();
    }
  }

  @Override
  public boolean isCancelled() {
    return interrupted.getAsBoolean();
  }
}
