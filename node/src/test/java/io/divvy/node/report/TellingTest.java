package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.config.ProgressSettings;
import io.divvy.coordinator.Care;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.kinds.Sum;
import io.divvy.node.model.RunPlan;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TellingTest {

  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong now = new AtomicLong();

  @Test
  void aRunOfLessThanASecondHasNoProgress() {
    Telling telling = telling(true, Telling.Detail.NORMAL);
    telling.accept(progressed(5));
    now.set(SECOND - 1);
    telling.tick();

    assertThat(said()).isEmpty();
  }

  @Test
  void aTerminalHasABarThatIsTakenAwayBeforeALine() {
    Telling telling = telling(true, Telling.Detail.NORMAL);
    telling.accept(progressed(5));
    now.set(2 * SECOND);
    telling.tick();
    assertThat(said()).startsWith("\r\u001b[K[#").doesNotContain("\n");

    telling.accept(new JobEvent.NodeGone("n2", "its process ended", false, ""));
    telling.tick();
    assertThat(said()).contains("\r\u001b[Knode n2 is lost: its process ended\n");
  }

  @Test
  void elsewhereThereIsALineEveryFewSeconds() {
    Telling telling = telling(false, Telling.Detail.NORMAL);
    telling.accept(progressed(1));
    for (int tenths = 0; tenths <= 110; tenths++) {
      now.set(tenths * SECOND / 10);
      telling.tick();
    }

    assertThat(said().lines()).hasSize(2).allMatch(line -> line.startsWith("10.0%, 1 of 10 items"));
  }

  @Test
  void quietTellsNothing() {
    Telling telling = telling(false, Telling.Detail.QUIET);
    telling.accept(progressed(1));
    telling.accept(new JobEvent.NodeGone("n2", "its process ended", false, ""));
    now.set(60 * SECOND);
    telling.tick();

    assertThat(said()).isEmpty();
  }

  @Test
  void whatIsNotReadIsLeftOutAndCounted() {
    Telling telling = telling(false, Telling.Detail.VERBOSE);
    for (int i = 0; i < 10_003; i++) {
      telling.accept(new JobEvent.Retried(new Interval(0, 1), "why"));
    }
    telling.tick();

    assertThat(said()).endsWith("3 lines left out: stderr is read too slowly\n");
  }

  private Telling telling(boolean terminal, Telling.Detail detail) {
    Console console = new Console(new ByteArrayOutputStream(), err, terminal, 80);
    RunPlan plan =
        new RunPlan(
            new Sum(),
            new JobSpec("sum", "f", Map.of(), 0, 1, 10, new JobSpec.Wanted(false, false)),
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            Care.ofRetries(1));
    ProgressSettings settings = new ProgressSettings(Duration.ofMillis(200), Duration.ofSeconds(5));
    return new Telling(console, plan, detail, settings, now::get);
  }

  private static JobEvent progressed(long done) {
    return new JobEvent.Progressed(done, 0, 10, 1, 2);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
