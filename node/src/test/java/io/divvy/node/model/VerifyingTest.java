package io.divvy.node.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.RunOutcome.Verified;
import io.divvy.coordinator.merge.Merge;
import io.divvy.job.JobKind;
import io.divvy.node.kinds.Power;
import io.divvy.node.kinds.Sum;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.Payload;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifyingTest {
  private static final int ITEMS = 1000;
  private static final Merge.Origin ORIGIN = new Merge.Origin("n1", 1);

  @Test
  void ofAMapKindAboutTheShareIsComputedAgainItemByItem() throws IOException {
    Verified verified = verify(new Power(1), 0.1, powers(-1));
    assertThat(verified.items()).isBetween(50L, 200L);
    assertThat(verified.differing()).isEmpty();
  }

  @Test
  void aWrongValueIsFound() throws IOException {
    Verified verified = verify(new Power(1), 1, powers(37));
    assertThat(verified.items()).isEqualTo(ITEMS);
    assertThat(verified.differing()).containsExactly(new Interval(37, 38));
  }

  @Test
  void aSmallRunIsVerifiedToo() throws IOException {
    assertThat(verify(new Power(1), 1e-9, powers(-1)).items()).isEqualTo(1);
  }

  @Test
  void ofAReductionWholeResultsAreComputedAgain() throws IOException {
    Sum sum = new Sum();
    assertThat(verify(sum, 1, total(sum, ITEMS * (ITEMS - 1) / 2)).differing()).isEmpty();
    assertThat(verify(sum, 1, total(sum, 42)).differing()).containsExactly(new Interval(0, ITEMS));
  }

  private static Verified verify(JobKind kind, double share, byte[] payload) throws IOException {
    JobSpec job =
        new JobSpec(kind.name(), "f", Map.of(), 0, 1, ITEMS, new JobSpec.Wanted(false, false));
    try (Verifying verifying = new Verifying(new Nothing(), kind, job, share, 7)) {
      verifying.add(new Interval(0, ITEMS), payload, ORIGIN);
      verifying.finish();
      return verifying.verified();
    }
  }

  /** The first powers, one of them wrong. */
  private static byte[] powers(long wrong) {
    Power power = new Power(1);
    Payload.Writer payload = new Payload.Writer();
    for (long number = 0; number < ITEMS; number++) {
      byte[] value =
          power.codec().encode(java.math.BigInteger.valueOf(number == wrong ? number + 1 : number));
      payload.item(new Payload.Item(value, null, null, 1));
    }
    return payload.take();
  }

  private static byte[] total(Sum sum, long value) {
    Payload.Writer payload = new Payload.Writer();
    long blocks = (ITEMS + sum.block() - 1) / sum.block();
    payload.part(
        new Payload.Part(0, blocks, sum.codec().encode(java.math.BigInteger.valueOf(value))));
    return payload.take();
  }

  /** Merges nothing. */
  private static final class Nothing implements Merge {
    @Override
    public void add(Interval interval, byte[] payload, Origin origin) {}

    @Override
    public void fail(long index) {}

    @Override
    public Merged finish() {
      return new Merged(null, "sha256:0");
    }

    @Override
    public void close() {}
  }
}
