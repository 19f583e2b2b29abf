package io.divvy.node.download.fetch;

import java.time.Duration;

/** Says how fast bytes may be taken from the network; shared by all transfers it is to bound. */
public interface Throttle {
  /** As fast as they come. */
  Throttle NONE =
      new Throttle() {
        @Override
        public Duration taken(int bytes) {
          return Duration.ZERO;
        }

        @Override
        public int atOnce() {
          return Integer.MAX_VALUE;
        }
      };

  /**
   * Some bytes were taken.
   *
   * @return how long to wait before taking more
   */
  Duration taken(int bytes);

  /** How many bytes to take in one go, so that it goes smoothly. */
  int atOnce();
}
