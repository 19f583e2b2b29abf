package io.divvy.node.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Numbers;
import io.divvy.job.Work;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  private final AtomicLong now = new AtomicLong();

  @Test
  void theRangeKeepsOneThreadBusyForFourSeconds() throws Exception {
    assertThat(choose(10_000_000, 1)).isEqualTo(new Numbers(1, 1, 400));
    assertThat(choose(121_000_000, 1)).isEqualTo(new Numbers(1, 1, 33));
  }

  @Test
  void aSingleItemThatTakesSecondsIsMeasuredOnce() throws Exception {
    assertThat(choose(3_000_000_000L, 1)).isEqualTo(new Numbers(1, 1, 1));
  }

  @Test
  void thereIsWorkForEveryCore() throws Exception {
    assertThat(choose(3_000_000_000L, 16)).isEqualTo(new Numbers(1, 1, 16));
  }

  private Numbers choose(long nanosPerItem, long least) throws Exception {
    return Calibration.choose(new Timed(now, nanosPerItem), least, now::get);
  }

  /** Takes so much time for each number, by a clock of its own. */
  private record Timed(AtomicLong clock, long nanos) implements MapKind<Long> {
    @Override
    public String name() {
      return "timed";
    }

    @Override
    public String summary() {
      return "takes time";
    }

    @Override
    public Long apply(long number, Work work) {
      return clock.addAndGet(nanos);
    }

    @Override
    public Codec<Long> codec() {
      return Codec.longs();
    }
  }
}
