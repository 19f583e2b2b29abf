package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two runs that want more than a node has. */
@Timeout(240)
class SharingIT {
  private static final Pattern HOLDS = Pattern.compile(".* of .* items.*, (\\d+) workers?");
  private static final int SLOTS = 2;

  @RegisterExtension final Terminals terminals = new Terminals();

  @Test
  void twoRunsGetHalfOfANodeEachAlthoughTheItemsOfOneAreFarLonger() throws Exception {
    Running node = terminals.startNode("--workers", "" + SLOTS);
    Running slow = terminals.start(wait("0..100_000", "millis=1000", node));
    slow.awaitMatch(HOLDS.pattern().replace("(\\d+)", "" + SLOTS));

    Running quick = terminals.start(wait("0..600", "millis=20", node));
    long begin = quick.awaitLine("takes part").at();
    assertThat(quick.awaitExit()).isZero();
    long end = quick.errLines().get(quick.errLines().size() - 1).at();

    double all = SLOTS * (end - begin) / 1e9;
    assertThat(slotSeconds(quick, begin, end)).isBetween(0.4 * all, 0.6 * all);
    assertThat(slotSeconds(slow, begin, end)).isBetween(0.4 * all, 0.6 * all);
    assertThat(quick.json().at("/account/capacity").asDouble())
        .isCloseTo(slotSeconds(quick, begin, end), Percentage.withPercentage(20));
  }

  private static String[] wait(String range, String millis, Running node) {
    return new String[] {"run", "wait", range, millis, "--json", "-v", "--join", node.address()};
  }

  /** What its progress lines say: it held so many slots until the next one. */
  private static double slotSeconds(Running run, long begin, long end) {
    double slotNanos = 0;
    long since = begin;
    int held = 0;
    for (Running.Line line : run.errLines()) {
      Matcher told = HOLDS.matcher(line.text());
      if (told.matches()) {
        long until = Math.max(begin, Math.min(end, line.at()));
        slotNanos += (double) held * (until - since);
        since = until;
        held = Integer.parseInt(told.group(1));
      }
    }
    return (slotNanos + (double) held * (end - since)) / 1e9;
  }
}
