package io.divvy.node.drill;

import io.divvy.protocol.NodeInfo;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals to real processes of this machine and this user. */
final class ProcessSignals implements Signals {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);

  /**
   * Stops the process and wakes it up when stdin ends: on request, or because the JVM that asked is
   * gone, however it died. Ctrl-C in the terminal is none of its business.
   */
  private static final String STOP_UNTIL_END =
      "trap '' INT HUP TERM; kill -STOP \"$1\" && echo stopped && read -r end; kill -CONT \"$1\"";

  private static final long PATIENCE_SECONDS = 5;

  private final String machine;
  private final ProcessHandle own = ProcessHandle.current();

  /**
   * Signals from this JVM.
   *
   * @param machine what the nodes of this machine call it
   */
  ProcessSignals(String machine) {
    this.machine = machine;
  }

  @Override
  public Optional<String> outOfReach(NodeInfo node) {
    if (!node.machine().equals(machine)) {
      return Optional.of("it is on another machine");
    }
    if (node.pid() == own.pid()) {
      return Optional.of("it is in the command's own process");
    }
    Optional<ProcessHandle> process = ProcessHandle.of(node.pid());
    if (process.isEmpty()) {
      return Optional.of("its process is not to be seen from here");
    }
    Optional<String> user = process.get().info().user();
    return user.isPresent() && user.equals(own.info().user())
        ? Optional.empty()
        : Optional.of("its process is another user's");
  }

  @Override
  public void kill(long pid) throws IOException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty() || !process.get().destroyForcibly()) {
      throw new IOException("process " + pid + " cannot be killed");
    }
  }

  @Override
  public Stopped stop(long pid) throws IOException {
    Process helper =
        new ProcessBuilder("/bin/sh", "-c", STOP_UNTIL_END, "divvy", Long.toString(pid))
            .redirectError(Redirect.DISCARD)
            .start();
    BufferedReader said = helper.inputReader(StandardCharsets.US_ASCII);
    if (said.readLine() == null) {
      throw new IOException("process " + pid + " cannot be stopped");
    }
    return () -> wake(helper, pid);
  }

  private static void wake(Process helper, long pid) {
    try {
      helper.getOutputStream().close();
      if (!helper.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Process [{}] is not known to run again", pid);
      }
    } catch (IOException e) {
      LOG.warn("Process [{}] is not known to run again: {}", pid, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stdin is closed, so it will be woken up
    }
  }
}
