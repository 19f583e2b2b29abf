package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.divvy.node.model.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompareCommandTest {

  private final FakeEngine engine = new FakeEngine();

  @BeforeEach
  void times() {
    engine.secondsOf.put(Model.SEQUENTIAL, 4.0);
    engine.secondsOf.put(Model.THREADS, 2.0);
    engine.secondsOf.put(Model.PROCESSES, 2.5);
  }

  /** Without warming up, since nothing is cold here. */
  private Called compare(String... words) {
    List<String> all = new ArrayList<>(List.of("compare"));
    all.addAll(List.of(words));
    all.addAll(List.of("--warmup", "0"));
    return Called.with(engine, all.toArray(String[]::new));
  }

  @Test
  void everyModelRunsOnceInEachRoundAndTheBaselineFirst() {
    compare("sum", "0..9", "--repeat", "2");

    assertThat(engine.story)
        .containsExactly(
            "start sequential",
            "run sequential",
            "start threads",
            "run threads",
            "start processes",
            "run processes",
            "run sequential",
            "run threads",
            "run processes",
            "close sequential",
            "close threads",
            "close processes");
  }

  @Test
  void theBaselineIsFirstWhereverItIsNamed() {
    compare("sum", "0..9", "--models", "threads,sequential", "--repeat", "1");

    assertThat(engine.story).startsWith("start sequential");
  }

  @Test
  void thereIsAClusterWhenSomebodyIsJoined() {
    Called called = compare("sum", "0..9", "--join", "h", "--repeat", "1");

    assertThat(engine.story).contains("start cluster");
    assertThat(called.out()).contains("cluster");
  }

  @Test
  void theAnswerIsATableAndASentence() {
    Called called = compare("sum", "0..9", "--repeat", "1");

    assertThat(called.out().lines())
        .startsWith(
            "model       nodes  workers  seconds  speedup  efficiency  memory",
            "sequential      1        1    4.000     1.00       100 %   88 MB",
            "threads         1        2    2.000     2.00       100 %   88 MB",
            "processes       2        2    2.500     1.60        80 %   88 MB",
            "");
    assertThat(called.out()).contains("threads was fastest, 2.00 times as fast as one thread");
    assertThat(called.errLines()).contains("round 1 of 1: threads 2.00 s");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.DONE);
  }

  @Test
  void jsonHasTheNamesThatWereFixed() throws IOException {
    Called called = compare("sum", "0..9", "--repeat", "1", "--json");

    JsonNode json = new ObjectMapper().readTree(called.out());
    assertThat(called.out().lines()).hasSize(1);
    assertThat(json.at("/schema").asText()).isEqualTo("divvy.compare/1");
    assertThat(json.at("/machine/model").asText()).isEqualTo("Abacus 9");
    assertThat(json.at("/machine/usableCores").asInt()).isEqualTo(2);
    assertThat(json.at("/identical").asBoolean()).isTrue();
    assertThat(json.at("/verdict").asText()).contains("threads");
    List<String> names = new ArrayList<>();
    json.at("/runs/2").fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactly(
            "model",
            "nodes",
            "workers",
            "seconds",
            "totalSeconds",
            "speedup",
            "speedupTotal",
            "efficiency",
            "serialFraction",
            "memoryBytes",
            "digest",
            "account");
    assertThat(json.at("/runs/2/seconds/median").asDouble()).isEqualTo(2.5);
    assertThat(json.at("/runs/2/totalSeconds").asDouble()).isBetween(3.5, 3.6);
    assertThat(json.at("/runs/0/serialFraction").isNull()).isTrue();
    assertThat(json.at("/runs/2/serialFraction").asDouble()).isEqualTo(0.25);
  }

  @Test
  void answersThatDifferAreShouted() throws IOException {
    engine.liar = Optional.of(Model.THREADS);

    Called called = compare("sum", "0..9", "--repeat", "1");
    Called json = compare("sum", "0..9", "--repeat", "1", "--json");

    assertThat(called.out()).contains("THE ANSWERS DIFFER").contains("sha256:11");
    assertThat(called.err()).contains("THE ANSWERS DIFFER");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(new ObjectMapper().readTree(json.out()).at("/identical").asBoolean()).isFalse();
  }

  @Test
  void whatWasMeasuredBeforeAModelCouldNotRunIsKept() {
    engine.unreachable = Optional.of(Model.CLUSTER);

    Called called = compare("sum", "0..9", "--join", "h");

    assertThat(called.out()).contains("processes").doesNotContain("cluster");
    assertThat(called.errLines()).endsWith("divvy: no node answers at 127.0.0.1:1; start one");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
    assertThat(engine.story).endsWith("close sequential", "close threads", "close processes");
  }

  @Test
  void withoutAnInputARangeOfSomeSecondsIsChosenAndNamed() {
    engine.lazy = true;

    Called called = compare("wait", "millis=40", "--models", "threads", "--repeat", "1");

    assertThat(engine.plan().spec().count()).isBetween(50L, 100L);
    assertThat(called.errLines().get(0)).startsWith("wait 1..");
  }

  @Test
  void whatPassesMessagesIsWarmedUpOnceBeforeItsFirstRun() throws IOException {
    Called called =
        Called.with(
            engine, "compare", "sum", "0..9", "--repeat", "2", "--warmup", "20ms", "--json");

    List<String> kinds = engine.plans.stream().map(plan -> plan.spec().kind()).toList();
    assertThat(kinds).startsWith("sum", "wait").endsWith("wait", "sum", "sum", "sum", "sum");
    assertThat(Collections.frequency(kinds, "sum")).isEqualTo(6);
    assertThat(called.errLines().get(0))
        .endsWith(
            "2 rounds of sequential, threads, processes, after warming up what passes messages for"
                + " 0.0200 s");
    assertThat(new ObjectMapper().readTree(called.out()).at("/warmupSeconds").asDouble())
        .isEqualTo(0.02);
  }

  @Test
  void aFleetThatIsLostWhileItWarmsUpEndsTheRounds() {
    engine.losing = Optional.of("wait");

    Called called = Called.with(engine, "compare", "sum", "0..9", "--repeat", "2");

    assertThat(engine.plans).extracting(plan -> plan.spec().kind()).containsExactly("sum", "wait");
    assertThat(called.errLines()).endsWith("divvy: threads: all nodes are lost: n1: fire");
    assertThat(called.out()).contains("sequential").doesNotContain("threads ");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
  }

  @Test
  void nothingIsWarmedUpForAJobOfNoItems() {
    Called.with(engine, "compare", "sum", "0..0", "--repeat", "1");

    assertThat(engine.plans).isEmpty();
  }

  @Test
  void aTimeToWarmUpThatIsNoneIsRefused() {
    Called called = Called.with(engine, "compare", "sum", "0..9", "--warmup", "-1");

    assertThat(called.errLines())
        .containsExactly(
            "divvy: --warmup is '-1'; give seconds such as 0.5 or 30, or 500ms, 2m, 1h");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(engine.story).isEmpty();
  }
}
