package io.divvy.node.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.node.download.fetch.Proxies;
import io.divvy.node.download.fetch.RequestHeader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FetchOptionsTest {

  private static final Proxies PROXIES =
      new Proxies(Optional.of(URI.create("http://proxy:3128")), Optional.empty(), List.of());

  @Test
  void nodesReadWhatTheCommandSaid() {
    assertThat(FetchOptions.of(options(true).toMap())).isEqualTo(options(true));
    assertThat(FetchOptions.of(options(false).toMap())).isEqualTo(options(false));
  }

  @Test
  void theProxiesOfANodeArePassedByWhenAskedTo() {
    assertThat(options(false).settings(Optional.empty(), PROXIES).proxies()).isEqualTo(PROXIES);
    assertThat(options(true).settings(Optional.empty(), PROXIES).proxies()).isEqualTo(Proxies.NONE);
  }

  private static FetchOptions options(boolean direct) {
    return new FetchOptions(
        16,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Optional.empty(),
        1000,
        2000,
        "divvy",
        List.of(RequestHeader.parse("X-A: 1"), RequestHeader.parse("X-B: 2")),
        direct,
        Optional.empty());
  }
}
