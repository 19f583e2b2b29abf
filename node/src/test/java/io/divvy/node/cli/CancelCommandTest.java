package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.node.boot.Home;
import io.divvy.node.member.Runs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancelCommandTest {
  @TempDir private Path folder;
  private final FakeEngine engine = new FakeEngine();

  @Test
  void withoutARunThoseUnderWayAreNamed() throws IOException {
    assertThat(cancel().err()).contains("no runs are under way");
    try (Runs.Listed listed = new Runs(new Home(folder)).list("00ff77", "sum 0..9", () -> {})) {
      assertThat(listed).isNotNull();
      Called called = cancel("00fe");
      assertThat(called.errLines()).hasSize(1);
      assertThat(called.err()).contains("no run '00fe'").contains("00ff77 (sum 0..9; pid ");
      assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
      assertThat(cancel("00f").err()).contains("at least 4 characters");
    }
  }

  @Test
  void theBeginningOfAnIdIsEnough() throws IOException {
    AtomicReference<Runs.Listed> own = new AtomicReference<>();
    Runs runs = new Runs(new Home(folder));
    own.set(runs.list("00ff77", "sum 0..9", () -> Objects.requireNonNull(own.get()).close()));
    Called called = cancel("00ff");
    assertThat(called.err()).contains("cancelled run 00ff77");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.DONE);
  }

  @Test
  void anIdThatMayBeSeveralIsNotEnough() throws IOException {
    Runs runs = new Runs(new Home(folder));
    try (Runs.Listed one = runs.list("00ff77", "sum 0..9", () -> {});
        Runs.Listed other = runs.list("00ff78", "sum 0..9", () -> {})) {
      assertThat(one).isNotSameAs(other);
      assertThat(cancel("00ff").err()).contains("any of several").contains("00ff78");
    }
  }

  private Called cancel(String... run) {
    String[] words = run.length == 0 ? new String[] {"cancel"} : new String[] {"cancel", run[0]};
    return Called.with(Map.of("DIVVY_HOME", folder.toString()), engine, words);
  }
}
