package io.divvy.config;

import java.time.Duration;

/** How durations and sizes are written in settings. */
final class Units {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  private Units() {}

  static String text(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos % 1_000_000_000 == 0) {
      return nanos / 1_000_000_000 + "s";
    }
    return nanos % 1_000_000 == 0 ? nanos / 1_000_000 + "ms" : nanos + "ns";
  }

  static String text(long bytes) {
    if (bytes != 0 && bytes % MIB == 0) {
      return bytes / MIB + " MiB";
    }
    return bytes != 0 && bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " bytes";
  }
}
