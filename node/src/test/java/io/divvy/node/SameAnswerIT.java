package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One job has one answer, wherever its workers live. */
@Timeout(400)
class SameAnswerIT {
  private static final List<String> MODELS =
      List.of("sequential", "threads", "processes", "cluster");

  @RegisterExtension final Terminals terminals = new Terminals();

  @Test
  void everyModelGivesTheSameAnswerAndLeavesNoProcess() throws Exception {
    // One pair of nodes for all: most of the time here goes into starting JVMs.
    Running one = terminals.startNode("--workers", "1");
    Running other = terminals.startNode("--workers", "1", "--join", one.address());
    String nodes = one.address() + "," + other.address();
    runsFindOneResult(nodes);
    comparisonsFindOneDigest(nodes);
    assertThat(terminals.living()).containsExactlyInAnyOrder(one.pid(), other.pid());
  }

  private void runsFindOneResult(String nodes) throws Exception {
    int before = terminals.living().size();
    for (String model : MODELS) {
      List<String> words =
          Stream.of(
                  List.of("run", "heavy", "1..9", "iterations=100000", "--json", "--model", model),
                  model.equals("cluster") ? List.of("--join", nodes) : List.<String>of(),
                  model.equals("processes") ? List.of("--nodes", "2") : List.<String>of())
              .flatMap(List::stream)
              .toList();
      Running run = terminals.run(words.toArray(String[]::new));
      JsonNode json = run.json();
      assertThat(json.at("/status").asText()).as(model).isEqualTo("done");
      assertThat(json.at("/model").asText()).isEqualTo(model);
      assertThat(json.at("/result").asText()).as(model).isEqualTo("10181.831989");
      assertThat(json.at("/digest").asText())
          .as(model)
          .isEqualTo("sha256:e5b3c03d6d7aa47818715bc440cc394a7811af6a18cb3b295febe9d758343870");
      assertThat(json.at("/done").asLong()).as(model).isEqualTo(8);
      assertThat(run.awaitExit()).as(model).isZero();
      // The JVMs that the model processes has started are gone before the command is.
      assertThat(terminals.living()).as(model).hasSize(before);
    }
  }

  private void comparisonsFindOneDigest(String nodes) throws Exception {
    compare(
        nodes,
        "sha256:b57a0a1f7212e4a6e0475a33c863e718ed98f50b8bc0f3d952b47ac73037f4b9",
        "sum",
        "0..100000000",
        "--warmup",
        "0.2");
    compare(
        nodes,
        Answers.digestOfPowers(2000, 1000),
        "power",
        "0..2000",
        "exponent=1000",
        "--warmup",
        "0");
    compare(
        nodes,
        Answers.digest(Stream.of(BigInteger.valueOf(148_933))),
        "primes",
        "0..2_000_000",
        "--warmup",
        "0");
  }

  private void compare(String nodes, String digest, String... job) throws Exception {
    List<String> words =
        Stream.of(
                List.of("compare"),
                List.of(job),
                List.of("--repeat", "1", "--nodes", "2", "--workers", "2"),
                List.of("--models", String.join(",", MODELS), "--join", nodes, "--json"))
            .flatMap(List::stream)
            .toList();
    Running comparison = terminals.run(words.toArray(String[]::new));
    JsonNode json = comparison.json();
    assertThat(json.at("/identical").asBoolean()).as(job[0]).isTrue();
    assertThat(json.at("/runs").findValuesAsText("model")).isEqualTo(MODELS);
    assertThat(json.at("/runs").findValuesAsText("digest")).as(job[0]).containsOnly(digest);
    assertThat(comparison.awaitExit()).isZero();
  }
}
