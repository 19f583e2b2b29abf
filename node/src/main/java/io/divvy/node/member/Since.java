package io.divvy.node.member;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A moment as people read it. */
final class Since {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private Since() {}

  static String text(long millis) {
    return FORMAT.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
  }
}
