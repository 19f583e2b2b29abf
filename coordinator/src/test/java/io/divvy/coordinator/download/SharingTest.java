package io.divvy.coordinator.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.download.Sharing.Again;
import io.divvy.coordinator.download.Sharing.Cancel;
import io.divvy.coordinator.download.Sharing.Duplicate;
import io.divvy.coordinator.download.Sharing.Ended;
import io.divvy.coordinator.download.Sharing.GoOn;
import io.divvy.coordinator.download.Sharing.Step;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.Tried;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SharingTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long LEASE = 5 * SECOND;
  private static final Tried.Ok OK = new Tried.Ok("f", 7, "00", 200, "http://a/", 0.5, null);

  private static Limits limits(int connections, int perHost) {
    return new Limits(connections, perHost, 0, 0, 0, 1, 120 * SECOND, 1000, Long.MAX_VALUE);
  }

  private static Sharing sharing(Limits limits, String nodes, String... hosts) {
    Sharing sharing = new Sharing(limits, LEASE, () -> 0.5);
    nodes.chars().forEach(node -> sharing.join(Character.toString(node)));
    List<Entry> entries = new ArrayList<>();
    for (String host : hosts) {
      long item = entries.size();
      HandOut.Name name = new HandOut.Name("f" + item, "", false);
      entries.add(new Entry.Wanted(item, "http://" + host + "/", host, name, null));
    }
    sharing.read(entries);
    sharing.listEnded();
    return sharing;
  }

  /** Items by node. */
  private static Map<String, List<Long>> assign(Sharing sharing, long now) {
    Map<String, List<Long>> items = new TreeMap<>();
    sharing
        .assign(node -> true, now)
        .forEach(
            (node, handOuts) -> items.put(node, handOuts.stream().map(HandOut::item).toList()));
    return items;
  }

  private static List<GoOn> goOn(Sharing sharing, long now) {
    return sharing.goOn(node -> true, now);
  }

  @Test
  void aListSortedByHostDoesNotStallBehindOneHost() {
    Sharing sharing = sharing(limits(4, 2), "A", "h1", "h1", "h1", "h1", "h2", "h3");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L, 4L, 5L, 1L)));
  }

  @Test
  void connectionsAreSpreadEvenly() {
    Sharing sharing = sharing(limits(3, 9), "AB", "h", "h", "h", "h", "h");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L, 2L), "B", List.of(1L)));
  }

  @Test
  void theFirstHandOutWaitsForThoseWhoWereAsked() {
    Sharing sharing = sharing(limits(4, 9), "", "h", "h");
    sharing.ask("A", 0);
    sharing.ask("B", 0);
    sharing.join("A");
    assertThat(assign(sharing, 1)).isEmpty();
    assertThat(sharing.nextTime(1)).hasValue(Sharing.TOGETHER);
    sharing.join("B");
    assertThat(assign(sharing, 2)).isEqualTo(Map.of("A", List.of(0L), "B", List.of(1L)));
  }

  @Test
  void whoDoesNotAnswerIsWaitedForOnlySoLong() {
    Sharing sharing = sharing(limits(4, 9), "", "h", "h");
    sharing.ask("A", 0);
    sharing.ask("silent", 0);
    sharing.join("A");
    assertThat(assign(sharing, Sharing.TOGETHER - 1)).isEmpty();
    assertThat(assign(sharing, Sharing.TOGETHER)).isEqualTo(Map.of("A", List.of(0L, 1L)));
  }

  @Test
  void whoRefusedOrIsLostIsNotWaitedFor() {
    Sharing sharing = sharing(limits(4, 9), "", "h");
    List.of("A", "refuses", "lost").forEach(node -> sharing.ask(node, 0));
    sharing.join("A");
    sharing.dead("refuses", "it refused");
    sharing.leave("lost");
    assertThat(assign(sharing, 1)).isEqualTo(Map.of("A", List.of(0L)));
  }

  @Test
  void oneThatComesLaterHoldsNothingUp() {
    Sharing sharing = sharing(limits(1, 9), "", "h", "h");
    sharing.ask("A", 0);
    sharing.join("A");
    assertThat(assign(sharing, 1)).isEqualTo(Map.of("A", List.of(0L)));
    sharing.report("A", 1, 0, OK, true, 2);
    sharing.ask("B", 2);
    assertThat(assign(sharing, 2)).isEqualTo(Map.of("A", List.of(1L)));
  }

  @Test
  void ofTwoThatAreIdleTheOneThatWasHandedLessIsNext() {
    Sharing sharing =
        sharing(
            new Limits(4, 9, SECOND, 0, 0, 1, 120 * SECOND, 1000, Long.MAX_VALUE), "AB", "h", "h");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L)));
    sharing.report("A", 1, 0, OK, true, 1);
    assertThat(assign(sharing, SECOND)).isEqualTo(Map.of("B", List.of(1L)));
  }

  @Test
  void aPermitIsGivenAgainOnlyAfterTheLeaseOfASilentNode() {
    Sharing sharing = sharing(limits(4, 1), "AB", "h");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L)));
    sharing.leave("A");
    assertThat(sharing.expire(LEASE - 1)).isEmpty();
    assertThat(assign(sharing, LEASE - 1)).isEmpty();
    assertThat(sharing.expire(LEASE)).containsExactly(new Again(0, "its lease on A ran out"));
    assertThat(assign(sharing, LEASE)).isEqualTo(Map.of("B", List.of(0L)));
  }

  @Test
  void whatHasLandedLeavesItsConnectionToAnotherAndKeepsItsLease() {
    Sharing sharing = sharing(limits(1, 1), "A", "h", "h", "h");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L)));
    sharing.landed("A", 1, 0);
    sharing.landed("A", 1, 0);
    assertThat(sharing.taken("h")).isZero();
    assertThat(assign(sharing, 1)).isEqualTo(Map.of("A", List.of(1L)));
    assertThat(sharing.report("A", 1, 0, OK, true, 2)).hasSize(1);
    assertThat(sharing.taken("h")).isOne();
    assertThat(sharing.held("A")).isOne();
    assertThat(assign(sharing, 2)).isEmpty();
    assertThat(sharing.expire(LEASE + 1)).containsExactly(new Again(1, "its lease on A ran out"));
  }

  @Test
  void aDiskThatIsSlowHoldsUpTheNetwork() {
    Sharing sharing = sharing(limits(1, 1), "A", "h", "h", "h", "h", "h", "h");
    for (int attempt = 1; attempt <= 4; attempt++) {
      assertThat(assign(sharing, 0)).isNotEmpty();
      sharing.landed("A", attempt, 0);
    }
    assertThat(assign(sharing, 0)).isEmpty();
  }

  @Test
  void aPermitOfADeadProcessIsGivenAgainAtOnce() {
    Sharing sharing = sharing(limits(4, 1), "AB", "h");
    assign(sharing, 0);
    assertThat(sharing.dead("A", "killed")).containsExactly(new Again(0, "killed"));
    assertThat(assign(sharing, 1)).isEqualTo(Map.of("B", List.of(0L)));
  }

  @Test
  void aRenewedLeaseRunsAnew() {
    Sharing sharing = sharing(limits(4, 1), "A", "h");
    assign(sharing, 0);
    assertThat(sharing.renew("A", 1, 3 * SECOND)).isTrue();
    assertThat(sharing.expire(LEASE + 2 * SECOND)).isEmpty();
    assertThat(sharing.expire(LEASE + 3 * SECOND)).hasSize(1);
    assertThat(sharing.renew("A", 1, LEASE + 3 * SECOND)).isFalse();
  }

  @Test
  void aFailedTryIsRepeatedElsewhereAfterAWhile() {
    Sharing sharing = sharing(limits(4, 1), "AB", "h");
    assign(sharing, 0);
    Tried.Broken broken = Tried.Broken.of("reset", "it broke", true);
    assertThat(sharing.report("A", 1, 0, broken, true, 0))
        .containsExactly(new Again(0, "it broke"));
    assertThat(assign(sharing, SECOND / 4 - 1)).isEmpty();
    assertThat(assign(sharing, SECOND / 4)).isEqualTo(Map.of("B", List.of(0L)));
    assertThat(ended(sharing.report("B", 2, 0, broken, true, SECOND))).containsExactly(broken);
    assertThat(sharing.causes()).isEqualTo(Map.of("reset", 1L));
  }

  @Test
  void aConnectionThatANodeKeepsIsNoPermitForAnother() {
    Sharing sharing = sharing(limits(2, 1), "AB", "h", "h");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L)));
    sharing.report("A", 1, 0, OK, true, 0);
    assertThat(sharing.assign("B"::equals, 0)).isEmpty();
    assertThat(sharing.nextTime(0)).hasValue(KeptConnections.KEPT);
    assertThat(assign(sharing, 1)).isEqualTo(Map.of("A", List.of(1L)));
  }

  @Test
  void whatNoRetryCanMendFailsAtOnce() {
    Sharing sharing = sharing(limits(4, 1), "A", "h");
    assign(sharing, 0);
    Tried.Broken broken = Tried.Broken.of("http-404", "not found", false);
    assertThat(ended(sharing.report("A", 1, 0, broken, true, 0))).containsExactly(broken);
    assertThat(sharing.isFinished()).isTrue();
  }

  @Test
  void aHostThatIsOverloadedIsLeftAloneByAllNodes() {
    Sharing sharing = sharing(limits(4, 1), "AB", "h", "h", "other");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L), "B", List.of(2L)));
    Tried.Broken busy = new Tried.Broken("http-503", "busy", 503, true, 7000, null, 0);
    sharing.report("A", 1, 0, busy, true, 0);
    assertThat(assign(sharing, 7 * SECOND - 1)).isEmpty();
    assertThat(sharing.nextTime(SECOND)).hasValue(7 * SECOND);
    assertThat(assign(sharing, 7 * SECOND)).hasSize(1);
  }

  @Test
  void anItemThatShouldWaitTooLongFailsSayingSo() {
    Sharing sharing = sharing(limits(4, 1), "A", "h");
    assign(sharing, 0);
    Tried.Broken busy = new Tried.Broken("http-429", "slow down", 429, true, 3_600_000, null, 0);
    List<Tried> ended = ended(sharing.report("A", 1, 0, busy, true, 0));
    assertThat(ended).hasSize(1);
    assertThat(((Tried.Broken) ended.get(0)).text())
        .isEqualTo(
            "slow down; the server asks to wait 3600 s, more than the 120 s that are waited at most");
  }

  @Test
  void requestsToOneHostKeepTheirDistance() {
    Limits limits = new Limits(9, 9, 2 * SECOND, 0, 0, 1, SECOND, 1000, Long.MAX_VALUE);
    Sharing sharing = sharing(limits, "A", "h", "h", "other");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L, 2L)));
    assertThat(sharing.nextTime(0)).hasValue(2 * SECOND);
    assertThat(assign(sharing, 2 * SECOND)).isEqualTo(Map.of("A", List.of(1L)));
  }

  @Test
  void requestsKeepToTheirRate() {
    Limits limits = new Limits(9, 9, 0, 2, 0, 1, SECOND, 1000, Long.MAX_VALUE);
    Sharing sharing = sharing(limits, "AB", "h", "h", "other");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L)));
    assertThat(sharing.nextTime(0)).hasValue(SECOND / 2);
    assertThat(assign(sharing, SECOND / 2)).isEqualTo(Map.of("B", List.of(2L)));
  }

  @Test
  void bytesAreSharedByTransfers() {
    Limits limits = new Limits(3, 9, 0, 0, 900, 1, SECOND, 1000, Long.MAX_VALUE);
    Sharing sharing = sharing(limits, "AB", "h", "h", "h");
    assign(sharing, 0);
    assertThat(sharing.bytesPerSecond("A")).isEqualTo(600);
    assertThat(sharing.bytesPerSecond("B")).isEqualTo(300);
  }

  @Test
  void aWholeFileThatComesLateCountsAndTheOtherTryIsStopped() {
    Sharing sharing = sharing(limits(4, 1), "AB", "h");
    assign(sharing, 0);
    sharing.leave("A");
    sharing.expire(LEASE);
    assign(sharing, LEASE);
    List<Step> steps = sharing.report("A", 1, 0, OK, true, LEASE);
    assertThat(ended(steps)).containsExactly(OK);
    assertThat(steps).contains(new Cancel("B", 2));
    assertThat(sharing.taken("h")).isOne(); // B may still be connected
    assertThat(sharing.report("B", 2, 0, OK, true, LEASE)).containsExactly(new Duplicate("B", 0));
    assertThat(sharing.taken("h")).isZero();
    assertThat(sharing.done()).isOne();
  }

  @Test
  void aFileThatWasNotReceivedWholeDoesNotCountLate() {
    Sharing sharing = sharing(limits(4, 1), "AB", "h");
    assign(sharing, 0);
    sharing.expire(LEASE);
    assertThat(sharing.report("A", 1, 0, OK, false, LEASE)).containsExactly(new Duplicate("A", 0));
    assertThat(sharing.remaining()).isOne();
  }

  @Test
  void lossesAreNoFailedTriesButComeToAnEnd() {
    Sharing sharing = sharing(limits(4, 1), "A", "h");
    for (int loss = 1; loss < Sharing.MOST_LOSSES; loss++) {
      assign(sharing, loss);
      assertThat(sharing.dead("A", "killed")).containsExactly(new Again(0, "killed"));
      sharing.join("A");
    }
    assign(sharing, 9);
    assertThat(ended(sharing.dead("A", "killed"))).hasSize(1);
    assertThat(sharing.causes()).isEqualTo(Map.of("lost", 1L));
  }

  @Test
  void badLinesFailAndPresentFilesAreDone() {
    Sharing sharing = new Sharing(limits(1, 1), LEASE, () -> 0);
    List<Step> steps =
        sharing.read(
            List.of(
                new Entry.Bad(0, "x", "bad-line", "line 1: no URL"),
                new Entry.Present(1, "http://h/", 9)));
    sharing.listEnded();
    assertThat(ended(steps)).containsExactly(Tried.Broken.of("bad-line", "line 1: no URL", false));
    assertThat(sharing.isFinished()).isTrue();
    assertThat(sharing.done()).isEqualTo(sharing.present()).isOne();
  }

  private static List<Tried> ended(List<Step> steps) {
    return steps.stream()
        .filter(Ended.class::isInstance)
        .map(step -> ((Ended) step).ending().tried())
        .toList();
  }

  @Test
  void whatIsSentOnWaitsForThatHostAndLeavesItsOwn() {
    Sharing sharing = sharing(limits(9, 1), "A", "home", "home", "far");
    assertThat(assign(sharing, 0)).isEqualTo(Map.of("A", List.of(0L, 2L)));

    assertThat(sharing.redirected("A", 1, 1, "far", 1)).isFalse();

    assertThat(goOn(sharing, 1)).as("far has one").isEmpty();
    assertThat(sharing.taken("home")).isZero();
    assertThat(assign(sharing, 1)).isEqualTo(Map.of("A", List.of(1L)));
    sharing.report("A", 2, 2, OK, true, 2);
    assertThat(goOn(sharing, 2)).containsExactly(new GoOn("A", 1, 1));
    assertThat(goOn(sharing, 2)).isEmpty();
    assertThat(sharing.taken("far")).isOne();
    assertThat(sharing.taken("home")).isOne();
    assertThat(sharing.report("A", 1, 0, OK, true, 3)).hasSize(1).first().isInstanceOf(Ended.class);
    assertThat(sharing.taken("far")).isZero();
  }

  @Test
  void wordThatMayGoOnIsGivenAgainWhenItWasLost() {
    Sharing sharing = sharing(limits(9, 1), "A", "home");
    assign(sharing, 0);
    assertThat(sharing.redirected("A", 1, 1, "far", 1)).isFalse();
    assertThat(sharing.redirected("A", 1, 1, "far", 1)).isFalse();
    assertThat(goOn(sharing, 1)).containsExactly(new GoOn("A", 1, 1));
    assertThat(sharing.redirected("A", 1, 1, "far", 2)).isTrue();
    assertThat(goOn(sharing, 2)).isEmpty();
    assertThat(sharing.redirected("A", 1, 2, "home", 3)).isFalse();
    assertThat(sharing.redirected("A", 1, 1, "far", 3)).as("from before").isFalse();
    assertThat(goOn(sharing, 3)).containsExactly(new GoOn("A", 1, 2));
    assertThat(sharing.redirected("B", 1, 3, "far", 4)).as("not its own").isFalse();
    assertThat(sharing.redirected("A", 7, 1, "far", 4)).as("no attempt").isFalse();
    assertThat(goOn(sharing, 4)).isEmpty();
  }

  @Test
  void twoHostsThatSendToEachOtherDoNotWaitForEachOther() {
    Sharing sharing = sharing(limits(9, 1), "A", "h1", "h2");
    assign(sharing, 0);
    sharing.redirected("A", 1, 1, "h2", 1);
    assertThat(goOn(sharing, 1)).isEmpty();
    sharing.redirected("A", 2, 1, "h1", 2);
    assertThat(goOn(sharing, 2)).containsExactly(new GoOn("A", 1, 1), new GoOn("A", 2, 1));
  }

  @Test
  void theHostThatWasReachedIsTheOneThatIsSlowed() {
    Sharing sharing = sharing(limits(9, 9), "A", "home", "far", "home");
    sharing.leave("A");
    sharing.join("A");
    assertThat(sharing.assign(node -> true, 0)).hasSize(1);
    sharing.redirected("A", 1, 1, "far", 1);
    assertThat(goOn(sharing, 1)).hasSize(1);
    Tried busy = new Tried.Broken("HTTP 503", "busy", 503, false, 60_000, null, 0);
    sharing.report("A", 1, 0, busy, true, 2);
    sharing.redirected("A", 3, 1, "far", 3);
    assertThat(goOn(sharing, 3)).isEmpty();
    assertThat(sharing.nextTime(3)).hasValue(2 + 60 * SECOND);
    assertThat(goOn(sharing, 2 + 60 * SECOND)).hasSize(1);
  }

  @Test
  void whoWaitsTooLongForAHostIsNotPassedAnyMore() {
    Sharing sharing = sharing(limits(8, 1), "AB", "h1", "h2", "far", "far");
    Map<String, List<Long>> first = assign(sharing, 0);
    assertThat(first).isEqualTo(Map.of("A", List.of(0L, 2L), "B", List.of(1L)));
    sharing.redirected("B", 2, 1, "far", 1);
    sharing.report("A", 3, 2, OK, true, 2);
    assertThat(goOn(sharing, 2)).as("A keeps a connection").isEmpty();
    assertThat(assign(sharing, 2)).isEqualTo(Map.of("A", List.of(3L)));
    long later = Sharing.PATIENCE + 2;
    sharing.renew("A", 1, later);
    sharing.redirected("A", 1, 1, "far", later);
    sharing.report("A", 4, 3, OK, true, later);
    assertThat(goOn(sharing, later)).as("A may not, B cannot yet").isEmpty();
    assertThat(goOn(sharing, later + KeptConnections.KEPT)).containsExactly(new GoOn("B", 2, 1));
  }

  @Test
  void whatWaitsForAHostGoesWithItsNode() {
    Sharing sharing = sharing(limits(9, 1), "AB", "home");
    assign(sharing, 0);
    sharing.redirected("A", 1, 1, "far", 1);
    sharing.leave("A");
    assertThat(goOn(sharing, 2)).isEmpty();
    assertThat(sharing.nextTime(2)).isEmpty();
    sharing.dead("A", "killed");
    assertThat(goOn(sharing, 3)).isEmpty();
    assertThat(assign(sharing, 3)).isEqualTo(Map.of("B", List.of(0L)));
  }

  @Test
  void whatGoesOnCountsAmongAllConnections() {
    Sharing sharing = sharing(limits(2, 9), "AB", "home", "home", "home");
    assign(sharing, 0);
    sharing.redirected("B", 2, 1, "far", 1);
    sharing.leave("B");
    assertThat(assign(sharing, 1)).isEqualTo(Map.of("A", List.of(2L)));
    sharing.join("B");
    assertThat(goOn(sharing, 2)).isEmpty();
    assertThat(sharing.nextTime(2)).isEmpty();
    sharing.report("A", 1, 0, OK, true, 3);
    assertThat(goOn(sharing, 3)).containsExactly(new GoOn("B", 2, 1));
  }

  @Test
  void aNodeThatCannotBeToldIsNotToldToGoOn() {
    Sharing sharing = sharing(limits(2, 9), "A", "home");
    assign(sharing, 0);
    sharing.redirected("A", 1, 1, "far", 1);
    assertThat(sharing.goOn(node -> false, 2)).isEmpty();
    assertThat(goOn(sharing, 2)).hasSize(1);
  }

  @Test
  void whoLostPatienceGoesBeyondTheShareOfItsNode() {
    Sharing sharing = sharing(limits(2, 9), "AB", "home", "home", "home");
    assign(sharing, 0);
    sharing.redirected("A", 1, 1, "far", 1);
    assertThat(sharing.assign(node -> node.equals("A"), 1)).as("in its place").hasSize(1);
    sharing.report("B", 2, 1, OK, true, 2);
    assertThat(goOn(sharing, 3)).isEmpty();
    assertThat(sharing.nextTime(3)).as("nothing that time alone could change").isEmpty();
    assertThat(goOn(sharing, Sharing.PATIENCE + 2)).containsExactly(new GoOn("A", 1, 1));
  }

  @Test
  void itemsThatWaitElsewhereDoNotHoldUpOtherHosts() {
    String[] hosts = new String[40];
    for (int i = 0; i < 40; i++) {
      hosts[i] = i < 36 ? "home" : "other";
    }
    Sharing sharing = sharing(limits(4, 2), "A", hosts);
    int home = 0;
    List<Long> others = new ArrayList<>();
    for (long now = 0; now < 60; now++) {
      for (HandOut handOut : handOuts(sharing, now)) {
        if (handOut.item() < 36) {
          home++;
          sharing.redirected("A", handOut.attempt(), 1, "dead", now);
        } else {
          others.add(handOut.item());
          sharing.report("A", handOut.attempt(), handOut.item(), OK, true, now);
        }
      }
      goOn(sharing, now); // two get there, and never hear anything
    }
    assertThat(others).containsExactly(36L, 37L, 38L, 39L);
    assertThat(home).isLessThan(10);
  }

  private static List<HandOut> handOuts(Sharing sharing, long now) {
    return sharing.assign(node -> true, now).values().stream().flatMap(List::stream).toList();
  }

  @Test
  void whatHasEndedMeanwhileDoesNotGoOn() {
    Sharing sharing = sharing(limits(2, 9), "AB", "home");
    assign(sharing, 0);
    sharing.expire(LEASE);
    assertThat(assign(sharing, LEASE)).hasSize(1);
    sharing.redirected("A", 2, 1, "far", LEASE + 1);
    sharing.redirected("B", 2, 1, "far", LEASE + 1);
    sharing.report("A", 1, 0, OK, true, LEASE + 2);
    assertThat(goOn(sharing, LEASE + 3)).isEmpty();
  }
}
