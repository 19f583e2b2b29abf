package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.event.JobEvent.Downloading;
import io.divvy.coordinator.event.JobEvent.Transferring;
import io.divvy.node.download.Failure;
import io.divvy.node.model.Model;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DownloadTextTest {
  private static final NodeInfo NODE = new NodeInfo("n1", "", 1, 1, "here", 2, 0, "0", Map.of());
  private static final Transferring SLOWEST =
      new Transferring("http://h/a", "n1", 1_500_000, 3_000_000, 61);

  private boolean collected = true;

  @Test
  void progressSaysHowManyHowFastAndHowLongStill() {
    assertThat(
            DownloadText.progress(
                new Downloading(40, 2, 100, true, 5_200_000, 1_300_000, 12, 2, 6, List.of())))
        .isEqualTo("files 42 of 100, 2 failed, 5.2MB, 1.3MB/s, ETA 12 s, 2 nodes, 6 connections");
  }

  @Test
  void whatIsNotKnownYetIsLeftOut() {
    assertThat(
            DownloadText.progress(
                new Downloading(1, 0, 10_000, false, 100, 50, 12, 1, 1, List.of())))
        .isEqualTo("files 1 of 10000 or more, 100B, 50B/s, 1 node, 1 connection");
  }

  @Test
  void aTerminalSeesTheSlowestTransferToo() {
    assertThat(
            DownloadText.bar(new Downloading(1, 0, 2, true, 100, 50, -1, 1, 1, List.of(SLOWEST))))
        .endsWith("; slowest: http://h/a 1.5MB of 3MB in 1 min 1 s");
  }

  @Test
  void ofALongAddressTheEndIsShown() {
    Transferring slowest =
        new Transferring("http://h/" + "x".repeat(60) + "/end.bin", "n1", 10, -1, 2);

    String bar = DownloadText.bar(new Downloading(1, 0, 2, true, 1, 1, -1, 1, 1, List.of(slowest)));

    assertThat(bar.substring(bar.indexOf("slowest: ")))
        .isEqualTo("slowest: ..." + "x".repeat(39) + "/end.bin 10B in 2 s");
  }

  @Test
  void allThereIsOneLine() {
    assertThat(ending(outcome(Status.DONE, 3, true, 3, 1, Map.of(), null), List.of(), 0, 2))
        .containsExactly(
            "2 files, 4MB in 2.00 s, 2MB/s; 1 was there; 2 lines said the same again; 1 node;"
                + " they are in /dir");
  }

  @Test
  void whatIsNotCollectedIsWithItsNode() {
    collected = false;

    assertThat(ending(outcome(Status.DONE, 3, true, 3, 2, Map.of(), null), List.of(), 0, 0))
        .containsExactly(
            "1 file, 4MB in 2.00 s, 2MB/s; 2 were there; 1 node;"
                + " each is with the node that fetched it, in /dir");
  }

  @Test
  void failuresAreToldAndGroupedByCause() {
    Map<String, Long> causes = new LinkedHashMap<>();
    causes.put("HTTP 404", 29L);
    causes.put("stalled", 1L);
    List<Failure> failures =
        IntStream.range(0, 30)
            .mapToObj(i -> new Failure(i + 1, "http://h/" + i, "HTTP 404", "404 Not Found"))
            .toList();

    List<String> lines =
        ending(outcome(Status.FAILED_ITEMS, 33, true, 3, 0, causes, null), failures, 0, 0);

    assertThat(lines).hasSize(25);
    assertThat(lines.get(0)).isEqualTo("failed: line 1: http://h/0: 404 Not Found");
    assertThat(lines.subList(20, 24))
        .containsExactly(
            "and 10 more; the manifest has all",
            "29 failures: HTTP 404",
            "1 failure: stalled",
            "failed-items: 3 of 33 files are there, 30 failed, 0 remain; the same command goes on"
                + " from here");
  }

  @Test
  void whatIsLeftAndWhyIsTold() {
    assertThat(
            ending(
                outcome(Status.LOST, 5, false, 3, 0, Map.of(), "all nodes are lost"),
                List.of(),
                4,
                0))
        .startsWith(
            "lost: 3 of 5 or more files are there, 0 failed, 2 remain; all nodes are lost; the same"
                + " command goes on from here",
            "4 not tried: they did not fail before");
  }

  @Test
  void quietLeavesOutTheFigures() {
    DownloadOutcome outcome = outcome(Status.DONE, 3, true, 3, 0, Map.of(), null);

    assertThat(DownloadText.ending(report(outcome, List.of(), 0, 0), Telling.Detail.QUIET))
        .isEmpty();
  }

  private List<String> ending(
      DownloadOutcome outcome, List<Failure> failures, long leftOut, long duplicates) {
    return DownloadText.ending(
        report(outcome, failures, leftOut, duplicates), Telling.Detail.NORMAL);
  }

  private DownloadReport report(
      DownloadOutcome outcome, List<Failure> failures, long leftOut, long duplicates) {
    return new DownloadReport(
        "list",
        "/dir",
        collected,
        Model.THREADS,
        outcome,
        "sha256:00",
        failures,
        leftOut,
        duplicates,
        0,
        2.5,
        -1);
  }

  private static DownloadOutcome outcome(
      Status status,
      long items,
      boolean listRead,
      long done,
      long present,
      Map<String, Long> causes,
      @Nullable String problem) {
    long failed = causes.values().stream().mapToLong(Long::longValue).sum();
    return new DownloadOutcome(
        new RunKey("00ff", 0),
        status,
        items,
        listRead,
        done,
        present,
        failed,
        items - done - failed,
        causes,
        4_000_000,
        items,
        0,
        0,
        List.of(),
        List.of(NODE),
        2,
        -1,
        problem);
  }
}
