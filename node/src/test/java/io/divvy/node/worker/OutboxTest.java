package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.divvy.config.ResultSettings;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final ResultSettings SMALL =
      new ResultSettings(1_024, 3_072, Duration.ofSeconds(1), Duration.ofSeconds(1));
  private static final Durations BUSY = new Durations(0, 0, 1, 0, 0, 0, 0, 0);

  private final List<Outbox.Batch> sent = new ArrayList<>();
  private final AtomicInteger held = new AtomicInteger();
  private final Outbox outbox = new Outbox(SMALL, sent::add, held::incrementAndGet);

  @Test
  void gathersResultsUntilTheyAreSent() {
    outbox.add(result(1, 10));
    outbox.add(result(2, 10));
    outbox.finished(2);
    assertThat(sent).isEmpty();
    outbox.send();
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).results()).extracting(Result::attempt).containsExactly(1L, 2L);
    assertThat(sent.get(0).finished()).containsExactly(2L);
    assertThat(sent.get(0).bytes()).isEqualTo(20 + 2 * Outbox.ENVELOPE_BYTES);
  }

  @Test
  void sendsNothingTwice() {
    outbox.add(result(1, 10));
    outbox.send();
    outbox.send();
    assertThat(sent).hasSize(1);
  }

  @Test
  void neverGathersMoreThanOneMessageHolds() {
    outbox.add(result(1, 400));
    outbox.add(result(2, 400));
    assertThat(sent).extracting(batch -> batch.results().size()).containsExactly(1);
  }

  @Test
  void cutsALargeResultIntoPartsOfWhichTheLastCounts() {
    outbox.add(result(1, 2_100));
    outbox.send();
    List<Result> parts = sent.stream().flatMap(batch -> batch.results().stream()).toList();
    assertThat(parts).extracting(part -> part.payload().length).containsExactly(1_024, 1_024, 52);
    assertThat(parts).extracting(Result::last).containsExactly(false, false, true);
    assertThat(parts)
        .extracting(Result::durations)
        .containsExactly(Durations.ZERO, Durations.ZERO, BUSY);
  }

  @Test
  void saysOnceThatSomethingWaitsForMore() {
    outbox.hold();
    assertThat(held).hasValue(0);
    outbox.add(result(1, 10));
    outbox.hold();
    outbox.add(result(2, 10));
    outbox.hold();
    assertThat(held).hasValue(1);
    outbox.send();
    outbox.add(result(3, 10));
    outbox.hold();
    assertThat(held).hasValue(2);
  }

  @Test
  void letsOneResultPassHoweverLargeWhenNothingIsUnacknowledged() {
    assertThat(outbox.add(result(1, 900))).isFalse();
    assertThat(outbox.add(result(2, 900))).isFalse();
  }

  @Test
  void makesTheThreadWaitUntilEnoughIsAcknowledged() throws InterruptedException {
    outbox.add(result(1, 900));
    outbox.add(result(2, 900));
    Thread thread = new Thread(() -> outbox.add(result(3, 900)));
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    thread.interrupt();
    assertThat(sent).hasSize(2);
    outbox.acknowledged(900 + Outbox.ENVELOPE_BYTES);
    thread.join(10_000);
    assertThat(sent).extracting(batch -> batch.results().get(0).attempt()).contains(3L);
  }

  @Test
  void letsTheThreadGoAndDropsEverythingWhenClosed() throws InterruptedException {
    outbox.add(result(1, 900));
    outbox.add(result(2, 900));
    Thread thread = new Thread(() -> outbox.add(result(3, 900)));
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    outbox.close();
    thread.join(10_000);
    outbox.send();
    assertThat(sent).hasSize(2);
  }

  private static Result result(long attempt, int bytes) {
    return new Result(attempt, 0, 1, 1, new byte[bytes], true, null, BUSY);
  }
}
