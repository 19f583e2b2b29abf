package io.divvy.protocol;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Names one execution of a job. A message of another run, or of an older epoch of this one, changes
 * nothing.
 *
 * @param run 128 random bits, 32 hexadecimal digits
 * @param epoch how often the run was resumed, from 0
 */
public record RunKey(String run, int epoch) {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** The key of a new run. */
  public static RunKey random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return new RunKey(HexFormat.of().formatHex(bytes), 0);
  }

  @Override
  public String toString() {
    return run + "#" + epoch;
  }
}
