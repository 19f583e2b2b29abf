package io.divvy.node.member;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Tells one space of process ids from another, and one process from a later one with the same
 * number.
 */
final class Processes {
  private static final Path PROC = Path.of("/proc");

  /** Another text after each start of the machine. */
  private static final String BOOT = read(PROC.resolve("sys/kernel/random/boot_id")).orElse("");

  private Processes() {}

  /**
   * The same text for all processes that see each other's process ids: containers with their own
   * are machines of their own. The machine's real id does not leave it.
   */
  static String space() {
    String machine = read(Path.of("/etc/machine-id")).orElseGet(Processes::hostName);
    return hash(machine + " " + link(PROC.resolve("self/ns/pid")));
  }

  /**
   * When a process started, as a text that no other process of the same number ever has; empty when
   * there is no such process.
   */
  static Optional<String> startOf(long pid) {
    return Files.isDirectory(PROC.resolve("self"))
        ? read(PROC.resolve(pid + "/stat")).flatMap(Processes::startInStat)
        : ProcessHandle.of(pid)
            .flatMap(process -> process.info().startInstant())
            .map(start -> "second " + start.getEpochSecond());
  }

  /**
   * Ticks since the start of the machine: unlike a date they stay the same when the clock is set. A
   * zombie only waits for its parent to take notice.
   */
  static Optional<String> startInStat(String stat) {
    // The second field is the program's name in brackets, which may hold anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length < 20 || fields[0].equals("Z") || fields[0].equals("X")) {
      return Optional.empty();
    }
    return Optional.of("boot " + BOOT + " tick " + fields[19]);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1).strip())
          .filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String link(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "";
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
