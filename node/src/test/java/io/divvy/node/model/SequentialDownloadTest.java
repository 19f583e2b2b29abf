package io.divvy.node.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.download.Entry;
import io.divvy.coordinator.download.Receiver;
import io.divvy.node.download.transfer.Fetcher;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SequentialDownloadTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final NodeInfo NODE = new NodeInfo("me", "", 1, 1, "here", 2, 0, "0", Map.of());
  private static final Receiver NOBODY =
      new Receiver() {
        @Override
        public void write(long attempt, Entry.Wanted entry, long offset, byte[] bytes) {
          throw new AssertionError("nothing is streamed");
        }

        @Override
        public Tried complete(long attempt, Entry.Wanted entry, Tried.Ok ok) {
          throw new AssertionError("nothing is streamed");
        }

        @Override
        public void drop(long attempt) {}
      };

  private final Deque<Entry> list = new ArrayDeque<>();
  private final Script fetcher = new Script();
  private final List<String> ends = new ArrayList<>();
  private volatile boolean interrupted;

  @Test
  void oneAfterTheOtherInTheOrderOfTheList() throws Exception {
    want(3);
    fetcher.answers.addAll(List.of(ok(), ok(), ok()));

    DownloadOutcome outcome = run(limits(2, 0));

    assertThat(ends).containsExactly("u0 ok 1", "u1 ok 1", "u2 ok 1");
    assertThat(outcome.status()).isEqualTo(Status.DONE);
    assertThat(outcome.done()).isEqualTo(3);
    assertThat(outcome.bytes()).isEqualTo(30);
    assertThat(outcome.listRead()).isTrue();
  }

  @Test
  void whatMayPassIsTriedAgainUntilThatIsEnough() throws Exception {
    want(2);
    fetcher.answers.addAll(List.of(broken(true), broken(true), ok()));
    fetcher.answers.addAll(List.of(broken(true), broken(true), broken(true)));

    DownloadOutcome outcome = run(limits(2, 0));

    assertThat(ends).containsExactly("u0 ok 3", "u1 stalled 3");
    assertThat(fetcher.asked).containsExactly("u0 0", "u0 1", "u0 2", "u1 0", "u1 1", "u1 2");
    assertThat(outcome.status()).isEqualTo(Status.FAILED_ITEMS);
    assertThat(outcome.attempts()).isEqualTo(6);
    assertThat(outcome.retried()).isEqualTo(4);
    assertThat(outcome.causes()).isEqualTo(Map.of("stalled", 1L));
  }

  @Test
  void whatWillNotPassIsNotTriedAgain() throws Exception {
    want(1);
    fetcher.answers.add(broken(false));

    assertThat(run(limits(2, 0)).attempts()).isEqualTo(1);
    assertThat(ends).containsExactly("u0 stalled 1");
  }

  @Test
  void badLinesAndWhatIsThereAskNobody() throws Exception {
    list.add(new Entry.Bad(0, "x", "bad line", "no URL"));
    list.add(new Entry.Present(1, "u1", 10));

    DownloadOutcome outcome = run(limits(2, 0));

    assertThat(ends).containsExactly("x bad line 0");
    assertThat(outcome.done()).isEqualTo(1);
    assertThat(outcome.present()).isEqualTo(1);
    assertThat(outcome.failed()).isEqualTo(1);
    assertThat(outcome.attempts()).isZero();
  }

  @Test
  void anInterruptEndsTheTransferAndLeavesTheRest() throws Exception {
    want(3);
    fetcher.answers.add(ok());
    fetcher.answers.add(broken(true));
    fetcher.before = () -> interrupted = fetcher.asked.size() == 2;

    DownloadOutcome outcome = run(limits(2, 0));

    assertThat(ends).containsExactly("u0 ok 1");
    assertThat(fetcher.cancelled).isTrue();
    assertThat(outcome.status()).isEqualTo(Status.INTERRUPTED);
    assertThat(outcome.items()).isEqualTo(2);
    assertThat(outcome.remaining()).isEqualTo(1);
    assertThat(outcome.listRead()).isFalse();
  }

  @Test
  void whatWasWholeWhenTheInterruptCameIsKept() throws Exception {
    want(2);
    fetcher.answers.add(ok());
    fetcher.before = () -> interrupted = true;

    assertThat(run(limits(2, 0)).done()).isEqualTo(1);
    assertThat(ends).containsExactly("u0 ok 1");
  }

  @Test
  void aPauseBetweenTwoTriesEndsWithTheInterrupt() throws Exception {
    want(1);
    fetcher.answers.add(new Tried.Broken("HTTP 503", "503", 503, true, 60_000, null, 0));
    fetcher.before = () -> interruptOnceItSleeps(Thread.currentThread());

    DownloadOutcome outcome = run(limits(2, 0));

    assertThat(outcome.status()).isEqualTo(Status.INTERRUPTED);
    assertThat(outcome.remaining()).isEqualTo(1);
    assertThat(ends).isEmpty();
  }

  private void interruptOnceItSleeps(Thread running) {
    Thread watching =
        new Thread(
            () -> {
              while (running.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              interrupted = true;
              running.interrupt();
            });
    watching.setDaemon(true);
    watching.start();
  }

  @Test
  void requestsToOneHostKeepTheirDistance() throws Exception {
    want(3);
    fetcher.answers.addAll(List.of(ok(), ok(), ok()));
    long begin = System.nanoTime();

    run(limits(2, TimeUnit.MILLISECONDS.toNanos(50)));

    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(100_000_000);
  }

  @Test
  void aHostThatARedirectLeadsToKeepsItsDistanceToo() throws Exception {
    want(1);
    fetcher.answers.add(ok());
    fetcher.sentOnTo = "h:80";
    long begin = System.nanoTime();

    run(limits(2, TimeUnit.MILLISECONDS.toNanos(50)));

    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "g:80"})
  void aHostOfOneConnectionIsLeftAloneWhileTheKeptOneMayBeClosing(String sentOnTo)
      throws Exception {
    want(2);
    fetcher.answers.addAll(List.of(ok(), ok()));
    fetcher.sentOnTo = sentOnTo;

    run(new Limits(16, 1, 250_000_000, 0, 0, 2, 0, 100, Long.MAX_VALUE));

    assertThat(fetcher.begun.get(1) - fetcher.begun.get(0)).isGreaterThanOrEqualTo(SECOND);
  }

  private DownloadOutcome run(Limits limits) throws IOException, InterruptedException {
    return new SequentialDownload(
            NODE,
            limits,
            fetcher,
            new Ends(
                most -> list.isEmpty() ? List.of() : List.of(list.remove()),
                endings ->
                    endings.forEach(
                        ending ->
                            ends.add(
                                ending.entry().url()
                                    + (ending.tried() instanceof Tried.Broken broken
                                        ? " " + broken.cause()
                                        : " ok")
                                    + " "
                                    + ending.attempts())),
                NOBODY),
            event -> {},
            () -> interrupted)
        .run(new RunKey("00ff", 0));
  }

  @Test
  void enoughFailedFilesEndIt() throws Exception {
    want(3);
    fetcher.answers.addAll(List.of(broken(false), ok()));

    DownloadOutcome outcome = run(limits(2, 0, 1));

    assertThat(ends).containsExactly("u0 stalled 1");
    assertThat(outcome.status()).isEqualTo(Status.HALTED);
    assertThat(outcome.problem()).contains("1 file failed").contains("--halt");
  }

  @Test
  void aFullDiskEndsItAndFailsNoFile() throws Exception {
    want(3);
    Tried full = Tried.Broken.of(Tried.Broken.DISK_FULL, "the disk is full: x", false);
    fetcher.answers.addAll(List.of(ok(), full, ok()));

    DownloadOutcome outcome = run(limits(2, 0));

    assertThat(ends).hasSize(1);
    assertThat(outcome.status()).isEqualTo(Status.HALTED);
    assertThat(outcome.problem()).isEqualTo("the disk is full: x");
    assertThat(outcome.failed()).isZero();
  }

  private void want(int items) {
    for (int i = 0; i < items; i++) {
      list.add(new Entry.Wanted(i, "u" + i, "h:80", new HandOut.Name("f" + i, "", false), null));
    }
  }

  private static Limits limits(int retries, long delayNanos) {
    return limits(retries, delayNanos, Long.MAX_VALUE);
  }

  private static Limits limits(int retries, long delayNanos, long mostFailed) {
    return new Limits(
        16, 6, delayNanos, 0, 0, retries, TimeUnit.MINUTES.toNanos(2), 100, mostFailed);
  }

  private static Tried ok() {
    return new Tried.Ok("f", 10, "00", 200, "http://h/f", 0.1, null);
  }

  /** The server asks to wait for no time at all, so nothing here waits. */
  private static Tried broken(boolean retryable) {
    return new Tried.Broken("stalled", "no byte came", 0, retryable, 0, null, 0);
  }

  /** Answers what it was told to, in that order. */
  private static final class Script implements Fetcher {
    private final Deque<Tried> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final List<Long> begun = new ArrayList<>();
    private Runnable before = () -> {};
    private String sentOnTo = "";
    private boolean cancelled;

    @Override
    public boolean sharesDirectory() {
      return true;
    }

    @Override
    public Fetched fetch(HandOut handOut, Control control) throws InterruptedException {
      begun.add(System.nanoTime());
      asked.add(handOut.url() + " " + handOut.tries());
      if (!sentOnTo.isEmpty()) {
        control.crossTo(sentOnTo);
      }
      before.run();
      control.onCancel(() -> cancelled = true);
      return new Fetched(answers.remove(), null);
    }

    @Override
    public void close() {}
  }
}
