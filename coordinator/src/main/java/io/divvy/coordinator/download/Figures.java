package io.divvy.coordinator.download;

import io.divvy.coordinator.event.JobEvent;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How fast a download goes, by what was seen in the last seconds. */
final class Figures {

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);
  private static final int SLOWEST = 5;

  private record Sample(long at, long bytes, long ended) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** The figures of this moment; to be asked for again and again. */
  JobEvent.Downloading at(long now, Sharing sharing, Map<String, DownloadNode> nodes) {
    long bytes = sharing.bytes();
    for (Sharing.Flight flight : sharing.flights()) {
      bytes += moving(flight, nodes, now).bytes();
    }
    long ended = sharing.done() - sharing.present() + sharing.failed();
    samples.addLast(new Sample(now, bytes, ended));
    while (samples.size() > 2 && now - samples.getFirst().at() > WINDOW) {
      samples.removeFirst();
    }
    Sample first = samples.getFirst();
    double seconds = (now - first.at()) / 1e9;
    double rate = seconds <= 0 ? 0 : Math.max(0, bytes - first.bytes()) / seconds;
    double endings = seconds <= 0 ? 0 : (ended - first.ended()) / seconds;
    boolean known = sharing.listRead() && endings > 0;
    return new JobEvent.Downloading(
        sharing.done(),
        sharing.failed(),
        sharing.itemsRead(),
        sharing.listRead(),
        bytes,
        rate,
        known ? sharing.remaining() / endings : -1,
        sharing.nodes(),
        sharing.flights().size(),
        slowest(sharing, nodes, now));
  }

  private static List<JobEvent.Transferring> slowest(
      Sharing sharing, Map<String, DownloadNode> nodes, long now) {
    return sharing.flights().stream()
        .sorted(Comparator.comparingLong(flight -> flight.since() - now))
        .limit(SLOWEST)
        .map(flight -> moving(flight, nodes, now))
        .toList();
  }

  private static JobEvent.Transferring moving(
      Sharing.Flight flight, Map<String, DownloadNode> nodes, long now) {
    DownloadNode node = nodes.get(flight.node());
    var told = node == null ? null : node.moving.get(flight.attempt());
    return new JobEvent.Transferring(
        flight.item().entry.url(),
        flight.node(),
        told == null ? 0 : told.bytes(),
        told == null ? -1 : told.length(),
        (now - flight.since()) / 1e9);
  }
}
