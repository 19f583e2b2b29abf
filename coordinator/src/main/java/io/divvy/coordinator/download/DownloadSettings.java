package io.divvy.coordinator.download;

import io.divvy.config.LeaseSettings;
import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.RunKey;

/**
 * What a coordinator needs to know of its download.
 *
 * @param moreNodesMayCome whether to wait a little when all nodes are lost
 */
public record DownloadSettings(
    RunKey run,
    DownloadSpec download,
    Limits limits,
    boolean moreNodesMayCome,
    LeaseSettings leases) {

  /**
   * How much may be under way at once, over all nodes together.
   *
   * @param connections transfers
   * @param perHost transfers to one host
   * @param delayNanos between the starts of two requests to one host
   * @param requestsPerSecond 0 is no limit
   * @param bytesPerSecond 0 is no limit
   * @param retries how often an item is tried again after a failed try
   * @param longestWaitNanos the longest wait that a server may ask for
   * @param lookAhead how many items may be read and not yet ended
   * @param mostFailed the run is given up once so many items have failed, at least 1; the largest
   *     number there is: never
   */
  public record Limits(
      int connections,
      int perHost,
      long delayNanos,
      double requestsPerSecond,
      long bytesPerSecond,
      int retries,
      long longestWaitNanos,
      int lookAhead,
      long mostFailed) {

    public Limits {
      if (mostFailed < 1) {
        throw new IllegalArgumentException(
            "a run is given up at one failed item at the earliest, not at " + mostFailed);
      }
      if (connections < 1 || perHost < 1 || retries < 0 || lookAhead < 1) {
        throw new IllegalArgumentException(
            "connections, permits of a host and look-ahead are at least 1, retries at least 0, got "
                + connections
                + ", "
                + perHost
                + ", "
                + lookAhead
                + ", "
                + retries);
      }
    }

    /** Why a run ends that was given up. */
    public static String haltedAt(long failed) {
      return failed + (failed == 1 ? " file" : " files") + " failed, and --halt ends the run then";
    }
  }
}
