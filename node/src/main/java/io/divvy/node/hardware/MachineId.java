package io.divvy.node.hardware;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** One text for all JVMs that share a machine's cores, whatever containers they run in. */
public final class MachineId {
  // Chosen by the kernel at boot, and the same in all its containers; host names are not.
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private MachineId() {}

  /** The text for this machine. */
  public static String current() {
    return of(BOOT_ID);
  }

  static String of(Path bootId) {
    try {
      return Files.readString(bootId).strip();
    } catch (IOException e) {
      return hostName();
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
