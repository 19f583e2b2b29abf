package io.divvy.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Hosts with addresses of their own on one switch: network namespaces of Linux, so that links can
 * be cut and slowed down. Where they cannot be made, the test is skipped and says why.
 */
final class Hosts implements BeforeEachCallback, AfterEachCallback {
  private static final String SWITCH = "switch";

  private final int count;
  private final String prefix = "divvy" + ProcessHandle.current().pid() + "-";
  private final List<String> namespaces = new ArrayList<>();

  Hosts(int count) {
    this.count = count;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    Assumptions.assumeTrue(
        Files.isDirectory(Path.of("/proc/self/ns")), "network namespaces are Linux's alone");
    try {
      namespace(SWITCH);
      in(SWITCH, "ip", "link", "add", "bridge", "type", "bridge");
      in(SWITCH, "ip", "link", "set", "bridge", "up");
      for (int host = 1; host <= count; host++) {
        plugIn(host);
      }
    } catch (IOException e) {
      removeAll();
      Assumptions.abort("no network namespaces can be made here: " + e.getMessage());
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    removeAll();
  }

  /** What goes before a command that is to run on this host, counted from 1. */
  List<String> on(int host) {
    return List.of("ip", "netns", "exec", prefix + host);
  }

  String address(int host) {
    return "10.213.0." + host;
  }

  /** What {@code from} sends to {@code to} vanishes from now on; what comes back does not. */
  void cut(int from, int to) throws IOException {
    // To a card that nobody has: the sender notices nothing.
    in(
        "" + from,
        "ip",
        "neighbour",
        "replace",
        address(to),
        "lladdr",
        "02:00:00:00:00:01",
        "dev",
        "eth0",
        "nud",
        "permanent");
  }

  void mend(int from, int to) throws IOException {
    in("" + from, "ip", "neighbour", "delete", address(to), "dev", "eth0");
  }

  /** What this host sends goes at this rate from now on, as {@code tc} writes it. */
  void slowDown(int host, String rate) throws IOException {
    in(
        "" + host, "tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", rate, "burst",
        "16kb", "latency", "400ms");
  }

  private void namespace(String name) throws IOException {
    run(List.of("ip", "netns", "add", prefix + name));
    namespaces.add(prefix + name);
    in(name, "ip", "link", "set", "lo", "up");
  }

  private void plugIn(int host) throws IOException {
    String name = "" + host;
    String port = "port" + host;
    namespace(name);
    in(
        SWITCH,
        "ip",
        "link",
        "add",
        port,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        prefix + name);
    in(SWITCH, "ip", "link", "set", port, "master", "bridge", "up");
    in(name, "ip", "address", "add", address(host) + "/24", "dev", "eth0");
    in(name, "ip", "link", "set", "eth0", "up");
  }

  private void in(String name, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", prefix + name));
    command.addAll(List.of(words));
    run(command);
  }

  private void removeAll() throws IOException {
    for (String namespace : namespaces) {
      run(List.of("ip", "netns", "delete", namespace));
    }
    namespaces.clear();
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + String.join(" ", command), e);
    }
  }
}
