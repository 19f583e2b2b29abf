package io.divvy.node.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.NodeEnd;
import io.divvy.node.member.Liveness;
import io.divvy.node.member.NodeActors;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RosterTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final long PID = 4711;

  private final TestProbe<String> told = KIT.createTestProbe();
  private Liveness liveness;
  private ActorRef<Roster.Command> roster;

  @BeforeEach
  void aRoster() throws IOException {
    liveness = Liveness.links();
    roster = KIT.spawn(Roster.create(liveness));
  }

  @AfterEach
  void end() {
    KIT.stop(roster);
    liveness.close();
  }

  @AfterAll
  static void endAll() {
    KIT.shutdownTestKit();
  }

  @Test
  void aNodeThatDiesDuringARunIsTold() {
    host("n1");
    begin();
    told.expectMessage("found n1");

    roster.tell(exited("n1", PID));

    told.expectMessage("lost n1");
  }

  @Test
  void aProcessThatNeverAnsweredIsTold() {
    begin();

    roster.tell(exited("n1", PID));

    told.expectMessage("stillborn n1 4711");
  }

  @Test
  void aProcessThatDiedBeforeTheRunBeganIsTold() {
    roster.tell(exited("n1", PID));

    begin();

    told.expectMessage("stillborn n1 4711");
  }

  @Test
  void aKnownNodeThatDiedBeforeTheRunBeganIsTold() throws Exception {
    host("n1");
    assertThat(known()).hasSize(1);
    roster.tell(exited("n1", PID));

    begin();

    told.expectMessage("stillborn n1 4711");
  }

  @Test
  void aNodeThatDiesWhileItsLivenessConnectionOpensIsTold() throws Exception {
    ServerSocket node = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try {
      host(
          new NodeInfo("n1", "127.0.0.1:1", PID, 2, "here", 2, node.getLocalPort(), "0", Map.of()));
      begin();
      told.expectMessage("found n1");
      Socket accepted = node.accept();
      node.close();
      accepted.close(); // before it said anything
      told.expectMessage("lost n1");
    } finally {
      node.close();
    }
  }

  private List<NodeInfo> known() throws Exception {
    CompletableFuture<List<NodeInfo>> all = new CompletableFuture<>();
    roster.tell(new Roster.Await(all, new CompletableFuture<>()));
    return all.get();
  }

  private void host(String name) {
    host(new NodeInfo(name, "", PID, 2, "here", 2, 0, "0", Map.of()));
  }

  private void host(NodeInfo node) {
    roster.tell(
        new Roster.Host(
            node, new NodeActors(info -> Behaviors.empty(), info -> Behaviors.empty())));
  }

  private static Roster.Exited exited(String node, long pid) {
    return new Roster.Exited(node, pid, "killed by SIGKILL", NodeEnd.KILLED, false);
  }

  private void begin() {
    Lead.Start start =
        (context, name) ->
            new Lead(
                context.spawn(Behaviors.empty(), name),
                (node, agent, transfers) -> told.ref().tell("found " + node.name()),
                (node, why, end) -> told.ref().tell("lost " + node),
                (node, pid, why) -> told.ref().tell("stillborn " + node + " " + pid),
                node -> told.ref().tell("restarting " + node),
                (node, why) -> told.ref().tell("given up " + node),
                () -> told.ref().tell("interrupt"));
    roster.tell(new Roster.Begin(new RunKey("r1", 1), start, new CompletableFuture<>()));
  }
}
