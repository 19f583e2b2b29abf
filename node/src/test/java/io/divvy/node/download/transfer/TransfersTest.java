package io.divvy.node.download.transfer;

import static io.divvy.protocol.Tried.Broken.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.divvy.config.LeaseSettings;
import io.divvy.node.download.transfer.Fetcher.Control;
import io.divvy.node.download.transfer.Fetcher.Fetched;
import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToDownload;
import io.divvy.protocol.ToDownload.Alive;
import io.divvy.protocol.ToDownload.Departed;
import io.divvy.protocol.ToDownload.Departing;
import io.divvy.protocol.ToDownload.Ended;
import io.divvy.protocol.ToDownload.Part;
import io.divvy.protocol.ToDownload.Redirected;
import io.divvy.protocol.ToDownload.Refused;
import io.divvy.protocol.ToDownload.Registered;
import io.divvy.protocol.ToDownload.Report;
import io.divvy.protocol.ToScout;
import io.divvy.protocol.ToTransfers;
import io.divvy.protocol.Tried;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransfersTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
  private static final RunKey RUN = new RunKey("aaaa", 0);
  private static final long LEASE_MILLIS = 5000;
  private static final Transfers.Settings SETTINGS =
      new Transfers.Settings(
          new LeaseSettings(
              Duration.ofSeconds(1),
              Duration.ofSeconds(5),
              Duration.ofSeconds(2),
              Duration.ofSeconds(15)),
          Duration.ofMillis(300),
          2);

  @TempDir private Path folder;

  private final ManualTime time = ManualTime.get(KIT.system());
  private final AtomicLong nanos = new AtomicLong(-77);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final TestProbe<ToDownload> coordinator = KIT.createTestProbe(ToDownload.class);
  private final ActorRef<Transfers.Command> transfers =
      KIT.spawn(
          Transfers.create(
              SETTINGS, new Transfers.Machine("n1", this::open, () -> 12_345, nanos::get)));
  private final ActorRef<ToTransfers> door = KIT.spawn(Transfers.door(transfers));

  /** Fetches at once what is called so, and hangs until it is closed otherwise. */
  private final class Fake implements Fetcher {
    @Override
    public boolean sharesDirectory() {
      return false;
    }

    @Override
    public Fetched fetch(HandOut handOut, Control control) throws InterruptedException {
      if (handOut.url().endsWith("fine")) {
        Path file = folder.resolve("" + handOut.attempt());
        return new Fetched(ok(handOut), Files.exists(file) ? file : null);
      }
      if (handOut.url().endsWith("elsewhere")) {
        control.crossTo("b:80");
        control.crossTo("c:80");
        return new Fetched(ok(handOut), null);
      }
      if (handOut.url().endsWith("wrong")) {
        throw new IllegalStateException("a bug");
      }
      CountDownLatch connection = new CountDownLatch(1);
      control.onCancel(connection::countDown);
      control.moved(17, 20);
      begun.countDown();
      connection.await();
      closed.countDown();
      return new Fetched(Tried.Broken.of("reset", "the connection was closed", true), null);
    }

    @Override
    public void close() {
      ended.set(true);
    }
  }

  private Fetcher open(RunKey run, DownloadSpec download) throws IOException {
    if (download.directory().equals("/none")) {
      throw new IOException("cannot make a temporary folder");
    }
    return new Fake();
  }

  private static Tried.Ok ok(HandOut handOut) {
    return new Tried.Ok("f" + handOut.item(), 1, "00", 200, handOut.url(), 0.1, null);
  }

  @AfterEach
  void stop() {
    KIT.stop(transfers);
    KIT.stop(door);
  }

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  @Test
  void registersAndSaysSoAgain() {
    register();
    door.tell(register(RUN, "/d"));
    coordinator.expectMessage(new Registered(RUN, "n1", nanos.get(), false, 12_345));
  }

  @Test
  void refusesWhatItCannotFetchFor() {
    door.tell(register(RUN, "/none"));
    coordinator.expectMessage(new Refused(RUN, "n1", "cannot make a temporary folder"));
  }

  @Test
  void reportsAResultUntilItIsAcknowledged() {
    register();
    HandOut fine = fetch(1, "fine");
    assertThat(ended().reports()).containsExactly(new Report(1, 11, ok(fine)));
    pass(Duration.ofMillis(300));
    assertThat(ended().reports()).containsExactly(new Report(1, 11, ok(fine)));
    door.tell(new ToTransfers.Acknowledge(RUN, List.of(1L)));
    settle();
    pass(Duration.ofMillis(500));
    coordinator.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void aBugInFetchingIsAFailedTry() {
    register();
    fetch(1, "wrong");
    assertThat(broken().text()).contains("a bug");
  }

  @Test
  void namesWhatItHoldsAndHowFarItIs() throws Exception {
    register();
    fetch(1, "slow");
    while (true) {
      pass(Duration.ofSeconds(1));
      Alive alive = fish(Alive.class);
      assertThat(alive.stamp()).isEqualTo(nanos.get());
      if (alive.moving().equals(List.of(new ToDownload.Moving(1, 17, 20)))) {
        break;
      }
      door.tell(new ToTransfers.Renew(RUN, alive.stamp(), List.of(1L), 0));
    }
  }

  @Test
  void closesATransferWhoseLeaseEnds() throws Exception {
    register();
    fetch(1, "slow");
    settle();
    long stamp = nanos.get();
    pass(Duration.ofSeconds(3));
    door.tell(new ToTransfers.Renew(RUN, stamp + 1_000_000_000L, List.of(1L), 0));
    settle();
    pass(Duration.ofMillis(1900));
    assertThat(closed.getCount()).isOne();
    pass(Duration.ofMillis(200));
    assertThat(broken().text()).isEqualTo("its lease ran out");
  }

  @Test
  void whatIsSentOnWaitsForAPermitOfEachHost() {
    register();
    HandOut handOut = fetch(1, "elsewhere");
    assertThat(fish(Redirected.class)).isEqualTo(new Redirected(RUN, "n1", 1, 1, "b:80"));
    door.tell(new ToTransfers.GoOn(RUN, 1, 2));
    door.tell(new ToTransfers.GoOn(RUN, 2, 1));
    settle();
    pass(Duration.ofSeconds(1));
    assertThat(fish(Redirected.class))
        .as("said again")
        .isEqualTo(new Redirected(RUN, "n1", 1, 1, "b:80"));
    door.tell(new ToTransfers.GoOn(RUN, 1, 1));
    door.tell(new ToTransfers.GoOn(RUN, 1, 1));
    assertThat(fish(Redirected.class)).isEqualTo(new Redirected(RUN, "n1", 1, 2, "c:80"));
    door.tell(new ToTransfers.GoOn(RUN, 1, 2));
    assertThat(ended().reports()).containsExactly(new Report(1, 11, ok(handOut)));
    pass(Duration.ofSeconds(1));
    assertThat(fish(Alive.class).moving()).as("and nothing is said again").isEmpty();
  }

  @Test
  void whatWaitsForAnotherHostEndsWithItsLease() {
    register();
    long stamp = nanos.get();
    fetch(1, "elsewhere");
    fish(Redirected.class);
    pass(Duration.ofSeconds(3));
    settle(); // or the ticks of that time are heard at the next
    nanos.set(stamp + Duration.ofSeconds(4).toNanos());
    door.tell(new ToTransfers.GoOn(RUN, 1, 1));
    settle();
    pass(Duration.ofMillis(200));
    assertThat(broken().text()).isEqualTo("its lease ran out");
  }

  @Test
  void doesNotBeginWhatCameTooLate() {
    register();
    door.tell(
        new ToTransfers.Fetch(
            RUN, nanos.get() - Duration.ofSeconds(4).toNanos(), List.of(handOut(1, "fine"))));
    assertThat(broken().text()).isEqualTo("its lease was over before it came");
  }

  @Test
  void closesWhatIsNotWantedAnyMore() throws Exception {
    register();
    fetch(1, "slow");
    door.tell(new ToTransfers.Cancel(RUN, List.of(1L)));
    assertThat(broken().cause()).isEqualTo(LOST);
  }

  @Test
  void refusesMoreThanItHasThreadsFor() {
    register();
    fetch(1, "slow");
    fetch(2, "slow");
    fetch(3, "slow");
    Tried.Broken broken = broken();
    assertThat(broken.text()).isEqualTo("the node has no thread left for it");
    assertThat(broken.cause()).as("is tried again later, not at once").isNotEqualTo(LOST);
    assertThat(broken.retryable()).isTrue();
  }

  @Test
  void dropsADownloadWhoseCommandIsGone() throws Exception {
    register();
    fetch(1, "slow");
    transfers.tell(new Transfers.LivenessClosed(RUN));
    settle();
    pass(Duration.ofMillis(1900));
    assertThat(ended.get()).isFalse();
    pass(Duration.ofMillis(200));
    fish(Departed.class);
    assertThat(ended.get()).isTrue();
  }

  @Test
  void keepsADownloadWhoseConnectionCameBack() {
    register();
    transfers.tell(new Transfers.LivenessClosed(RUN));
    transfers.tell(new Transfers.LivenessOpened(RUN));
    settle();
    pass(Duration.ofSeconds(3));
    assertThat(ended.get()).isFalse();
  }

  @Test
  void dropsADownloadWhoseCommandIsSilent() {
    register();
    pass(Duration.ofSeconds(15));
    fish(Departed.class);
    assertThat(ended.get()).isTrue();
  }

  @Test
  void saysWhenEverythingOfADownloadIsClosed() {
    register();
    fetch(1, "slow");
    door.tell(new ToTransfers.Unregister(RUN));
    assertThat(broken().text()).isEqualTo("the download is over");
    coordinator.expectMessage(new Departed(RUN, "n1"));
  }

  @Test
  void givesBackEverythingBeforeItLeaves() throws InterruptedException {
    register();
    fetch(1, "slow");
    begun.await(); // it comes by the door, the drain does not, and may overtake it
    TestProbe<Transfers.Drained> leaver = KIT.createTestProbe(Transfers.Drained.class);
    transfers.tell(new Transfers.Drain(leaver.ref()));
    coordinator.expectMessage(new Departing(RUN, "n1"));
    assertThat(broken().text()).isEqualTo("the node leaves");
    leaver.expectNoMessage(Duration.ofMillis(50));
    door.tell(new ToTransfers.Acknowledge(RUN, List.of(1L)));
    leaver.expectMessage(Transfers.Drained.INSTANCE);
    coordinator.expectMessage(new Departed(RUN, "n1"));
  }

  @Test
  void streamsAFileBackWithinItsWindowAndSendsAgainWhatWasLost() throws IOException {
    byte[] content = new byte[3 * Part.WINDOW_BYTES / 2 + 7];
    new Random(1).nextBytes(content);
    Path file = Files.write(folder.resolve("1"), content);
    register();
    HandOut fine = fetch(1, "fine");
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    int dropped = 0;
    int beforeAnswer = 0;
    while (received.size() < content.length) {
      Part part = fish(Part.class);
      if (part.offset() == 4L * Part.MOST_BYTES && dropped < 1) {
        dropped++;
      } else if (part.offset() == received.size()) {
        received.writeBytes(part.bytes());
        beforeAnswer = beforeAnswer < 3 ? beforeAnswer + 1 : 0;
        if (beforeAnswer == 0 || received.size() == content.length) {
          door.tell(new ToTransfers.Received(RUN, 1, received.size()));
        }
      }
    }
    assertThat(received.toByteArray()).isEqualTo(content);
    assertThat(fish(Ended.class).reports()).containsExactly(new Report(1, 11, ok(fine)));
    assertThat(file).doesNotExist();
  }

  @Test
  void neverSendsMoreThanTheWindowAhead() throws Exception {
    Files.write(folder.resolve("1"), new byte[3 * Part.WINDOW_BYTES]);
    register();
    fetch(1, "fine");
    long most = 0;
    for (int parts = 0; parts < 2 * Part.WINDOW_BYTES / Part.MOST_BYTES; parts++) {
      Part part = fish(Part.class); // from the second half on they are repeated
      most = Math.max(most, part.offset() + part.bytes().length);
    }
    assertThat(most).isEqualTo(Part.WINDOW_BYTES);
  }

  @Test
  void namesItsDownloadsBehindTheRunsOfTheAgentAndPassesACancelOn() {
    register();
    ToScout.Run computing = new ToScout.Run(new RunKey("00aa", 0), "sum 0..9", "127.0.0.1:2");
    TestProbe<ToScout> asker = KIT.createTestProbe(ToScout.class);
    transfers.tell(
        new Transfers.AskRuns(
            new ToScout.UnderWay("", "127.0.0.1:1", List.of(), List.of(computing), 0),
            asker.ref()));
    assertThat(asker.expectMessageClass(ToScout.UnderWay.class).runs())
        .containsExactly(computing, new ToScout.Run(RUN, "download to /d", "127.0.0.1:1"));
    transfers.tell(new Transfers.CancelRun(new RunKey("00aa", 0), "ann"));
    transfers.tell(new Transfers.CancelRun(RUN, "ben"));
    coordinator.expectMessage(new ToDownload.Cancelled(RUN, "n1", "ben"));
  }

  /** Waits until everything said before was heard. */
  private void settle() {
    door.tell(register(RUN, "/d"));
    fish(Registered.class);
  }

  private void register() {
    door.tell(register(RUN, "/d"));
    coordinator.expectMessage(new Registered(RUN, "n1", nanos.get(), false, 12_345));
  }

  private ToTransfers.Register register(RunKey run, String directory) {
    DownloadSpec spec = new DownloadSpec(directory, "token", true, Map.of());
    return new ToTransfers.Register(run, spec, LEASE_MILLIS, coordinator.ref());
  }

  private HandOut fetch(long attempt, String url) {
    HandOut handOut = handOut(attempt, url);
    door.tell(new ToTransfers.Fetch(RUN, nanos.get(), List.of(handOut)));
    return handOut;
  }

  private static HandOut handOut(long attempt, String url) {
    HandOut.Name name = new HandOut.Name("f", null, false);
    return new HandOut(attempt, attempt + 10, "http://h/" + url, name, null, 0);
  }

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
    time.timePasses(duration);
  }

  private Ended ended() {
    return fish(Ended.class);
  }

  private Tried.Broken broken() {
    return (Tried.Broken) ended().reports().get(0).tried();
  }

  private <T extends ToDownload> T fish(Class<T> type) {
    List<ToDownload> fished =
        coordinator.fishForMessage(
            Duration.ofSeconds(5),
            message ->
                type.isInstance(message)
                    ? FishingOutcomes.complete()
                    : FishingOutcomes.continueAndIgnore());
    return type.cast(fished.get(0));
  }
}
