package io.divvy.coordinator.download;

import io.divvy.protocol.HandOut;
import org.jspecify.annotations.Nullable;

/**
 * A line of the list, as far as it counts; the items of a list are numbered from 0 without gaps.
 */
public sealed interface Entry {

  long item();

  /** As the list has it. */
  String url();

  /**
   * A URL to fetch.
   *
   * @param host whom the permits are counted for
   * @param sha256 the expected checksum, or null
   */
  record Wanted(long item, String url, String host, HandOut.Name name, @Nullable String sha256)
      implements Entry {}

  /** A line that is no URL to fetch: it fails without a try. */
  record Bad(long item, String url, String cause, String text) implements Entry {}

  /** What an earlier run fetched and is still there: it counts as done, without a try. */
  record Present(long item, String url, long bytes) implements Entry {}
}
