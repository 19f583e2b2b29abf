package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.boot.Home;
import io.divvy.node.member.Runs;
import io.divvy.node.model.ClusterRuns.Led;
import io.divvy.node.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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

  @Test
  void aRunOfTheClusterIsCancelledThroughTheNodeThatIsNamed() {
    engine.clusterRuns.add(new Led("00ff77", "sum 0..9", "10.0.0.7:40000"));
    engine.clusterRuns.add(new Led("00aa77", "sum 0..8", "10.0.0.7:40001"));
    Called called = there("00ff", "--join", "10.0.0.5");
    assertThat(called.err()).contains("cancelled run 00ff77");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.DONE);
    assertThat(engine.story)
        .containsExactly("runs at [10.0.0.5:25710]", "cancel 00ff77", "close runs");
  }

  @Test
  void theRunsOfTheClusterAreNamedWhenNoneIsMeant() {
    engine.clusterRuns.add(new Led("00ff77", "sum 0..9", "10.0.0.7:40000"));
    Called called = there("00fe", "--join", "10.0.0.5:7");
    assertThat(called.errLines()).hasSize(1);
    assertThat(called.err())
        .contains("no run '00fe'; under way: 00ff77 (sum 0..9; from 10.0.0.7:40000)");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(there("--join", "10.0.0.5:7").err()).contains("which run?").contains("00ff77 (sum");
    assertThat(there("00f", "--join", "10.0.0.5:7").err()).contains("at least 4 characters");
  }

  @Test
  void aNodeThatIsNotReachedIsNamed() {
    engine.unreachable = Optional.of(Model.CLUSTER);
    Called called = there("00ff", "--join", "127.0.0.1:1");
    assertThat(called.errLines()).hasSize(1);
    assertThat(called.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
  }

  @Test
  void theRunEndsOnceHoweverOftenThatIsAskedFor() {
    List<String> story = new ArrayList<>();
    Heeding heeding = new Heeding(story::add, () -> story.add("end"));
    Consumer<JobEvent> listener = heeding.before(event -> {});
    listener.accept(new JobEvent.Granted());
    listener.accept(new JobEvent.CancelAsked("ann", "n1"));
    heeding.end("'divvy cancel'");
    assertThat(story).containsExactly("cancelled from elsewhere, by ann, through node n1", "end");
  }

  private Called there(String... words) {
    List<String> all = new ArrayList<>(List.of("cancel"));
    all.addAll(List.of(words));
    return Called.with(Map.of("DIVVY_HOME", folder.toString()), engine, all.toArray(String[]::new));
  }

  private Called cancel(String... run) {
    String[] words = run.length == 0 ? new String[] {"cancel"} : new String[] {"cancel", run[0]};
    return Called.with(Map.of("DIVVY_HOME", folder.toString()), engine, words);
  }
}
