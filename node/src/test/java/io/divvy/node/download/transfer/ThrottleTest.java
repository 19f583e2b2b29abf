package io.divvy.node.download.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final AtomicLong now = new AtomicLong();
  private final Throttle throttle = new Throttle(now::get);

  @Test
  void withoutALimitNobodyWaits() {
    assertThat(throttle.waitNanos(1 << 30)).isZero();
    assertThat(throttle.waitNanos(1 << 30)).isZero();
  }

  @Test
  void theRateHoldsOverTimeAndNothingIsSavedUp() {
    throttle.limit(1000);
    assertThat(throttle.waitNanos(500)).isZero();
    assertThat(throttle.waitNanos(500)).isEqualTo(500 * MILLI);
    assertThat(throttle.waitNanos(100)).isEqualTo(1000 * MILLI);
    now.set(60_000 * MILLI);
    assertThat(throttle.waitNanos(100)).isZero();
    assertThat(throttle.waitNanos(100)).isEqualTo(100 * MILLI);
  }

  @Test
  void whoWaitsForItsShareIsCancelledSoon() throws Exception {
    throttle.limit(1);
    throttle.take(1000, () -> false);
    AtomicInteger glances = new AtomicInteger();
    throttle.take(1, () -> glances.incrementAndGet() > 1);
    assertThat(glances).hasValue(2);

    AtomicBoolean cancelled = new AtomicBoolean(true);
    throttle.take(1, cancelled::get);
  }
}
