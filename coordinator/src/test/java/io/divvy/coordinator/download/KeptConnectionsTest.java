package io.divvy.coordinator.download;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeptConnectionsTest {
  private static final long LATER = KeptConnections.KEPT;

  private final KeptConnections kept = new KeptConnections();

  @Test
  void whatATransferLeavesCountsUntilItsNodeHasClosedIt() {
    kept.keep("h", "n1", 5);

    assertThat(kept.has("h", "n1", 5)).isTrue();
    assertThat(kept.has("h", "n2", 5)).isFalse();
    assertThat(kept.count("h", 5 + LATER - 1)).isEqualTo(1);
    assertThat(kept.nextEnd("h", 6)).isEqualTo(5 + LATER);
    assertThat(kept.count("h", 5 + LATER)).isZero();
  }

  @Test
  void theNextTransferOfItsNodeUsesIt() {
    kept.keep("h", "n1", 0);
    kept.keep("h", "n2", 0);
    kept.use("h", "n1", 0);

    assertThat(kept.has("h", "n1", 0)).isFalse();
    assertThat(kept.has("h", "n2", 0)).isTrue();
    assertThat(kept.count("other", 0)).isZero();
  }

  @Test
  void oneThatItsNodeMayHaveClosedIsNobodysAndCountsAllTheSame() {
    kept.keep("h", "n1", 0);

    assertThat(kept.has("h", "n1", KeptConnections.SURE - 1)).isTrue();
    assertThat(kept.has("h", "n1", KeptConnections.SURE)).isFalse();
    kept.use("h", "n1", KeptConnections.SURE);
    assertThat(kept.count("h", KeptConnections.SURE)).isEqualTo(1);
    assertThat(kept.count("h", LATER)).isZero();
  }

  @Test
  void withItsProcessItsConnectionsAreGone() {
    kept.keep("h", "n1", 0);
    kept.dead("n1");

    assertThat(kept.count("h", 0)).isZero();
  }
}
