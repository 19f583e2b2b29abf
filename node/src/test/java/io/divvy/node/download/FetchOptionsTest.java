package io.divvy.node.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.download.fetch.Proxies;
import io.divvy.node.download.fetch.RequestHeader;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FetchOptionsTest {

  private static final Proxies PROXIES =
      new Proxies(Optional.of(URI.create("http://proxy:3128")), Optional.empty(), List.of());

  @Test
  void whatTravelsToNodesComesBackAsItWas() {
    FetchOptions all =
        options(
            Optional.of(Duration.ofMillis(2500)),
            IntStream.range(0, 12)
                .mapToObj(i -> RequestHeader.parse("X-" + i + ": a: b" + i))
                .toList(),
            Optional.of("-----BEGIN CERTIFICATE-----\nMIIB\n"));
    FetchOptions few = options(Optional.empty(), List.of(), Optional.empty());

    assertThat(FetchOptions.of(all.toMap())).isEqualTo(all);
    assertThat(FetchOptions.of(few.toMap())).isEqualTo(few);
  }

  @Test
  void aHeaderMayBeEmpty() {
    FetchOptions options =
        options(Optional.empty(), List.of(RequestHeader.parse("X-Empty:")), Optional.empty());

    assertThat(FetchOptions.of(options.toMap())).isEqualTo(options);
  }

  @Test
  void whatIsMissingIsNamed() {
    Map<String, String> map =
        new HashMap<>(options(Optional.empty(), List.of(), Optional.empty()).toMap());
    map.remove("stall");

    assertThatThrownBy(() -> FetchOptions.of(map))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the download does not say its stall");
  }

  @Test
  void theProxiesOfANodeArePassedByWhenAskedTo() {
    FetchOptions direct = options(Optional.empty(), List.of(), Optional.empty(), true);
    FetchOptions proxied = options(Optional.empty(), List.of(), Optional.empty(), false);

    assertThat(FetchOptions.of(direct.toMap())).isEqualTo(direct);
    assertThat(direct.settings(Optional.empty(), PROXIES).proxies()).isEqualTo(Proxies.NONE);
    assertThat(proxied.settings(Optional.empty(), PROXIES).proxies()).isEqualTo(PROXIES);
  }

  private static FetchOptions options(
      Optional<Duration> whole, List<RequestHeader> headers, Optional<String> pem) {
    return options(whole, headers, pem, false);
  }

  private static FetchOptions options(
      Optional<Duration> whole, List<RequestHeader> headers, Optional<String> pem, boolean direct) {
    return new FetchOptions(
        16,
        Duration.ofSeconds(10),
        Duration.ofMillis(500),
        whole,
        Long.MAX_VALUE,
        64L << 20,
        "divvy/test",
        headers,
        direct,
        pem);
  }
}
