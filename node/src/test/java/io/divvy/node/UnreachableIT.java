package io.divvy.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a command says when there is no node where it was told to look. */
@Timeout(240)
class UnreachableIT {
  @RegisterExtension final Terminals terminals = new Terminals();

  @Test
  void whereNobodyListensTheAddressIsNamed() throws Exception {
    String address = "127.0.0.1:" + Terminals.freePorts(1);
    Running run = terminals.run("run", "sum", "0..10", "--join", address);
    assertThat(run.awaitExit()).isEqualTo(3);
    assertThat(run.err()).contains("divvy: no node reached at " + address + ": ");
    assertThat(run.outLines()).isEmpty();
  }

  @Test
  void whereSomethingElseListensThatIsSaid() throws Exception {
    terminals.config("divvy.command.reach-timeout = 2s");
    // Connections wait in its queue for ever: it never says a word.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      Running run = terminals.run("run", "sum", "0..10", "--join", address);
      assertThat(run.awaitExit()).isEqualTo(3);
      assertThat(run.err())
          .contains("something listens at " + address + ", but no Divvy node answered");
      assertThat(run.outLines()).isEmpty();
    }
  }
}
