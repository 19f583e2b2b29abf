package io.divvy.node.download.place;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a file must turn out to be.
 *
 * @param sha256 64 hexadecimal digits
 */
public record Expected(OptionalLong length, Optional<String> sha256) {

  /** Nobody said anything. */
  public static final Expected ANYTHING = new Expected(OptionalLong.empty(), Optional.empty());

  /**
   * Compares.
   *
   * @throws StoreException when it turned out to be something else
   */
  void check(long actualLength, String actualSha256) throws StoreException {
    if (length.isPresent() && length.getAsLong() != actualLength) {
      throw new StoreException(
          StoreException.Trouble.LENGTH,
          "the file has " + actualLength + " bytes, expected " + length.getAsLong());
    }
    if (sha256.isPresent() && !sha256.get().toLowerCase(Locale.ROOT).equals(actualSha256)) {
      throw new StoreException(
          StoreException.Trouble.DIGEST,
          "the file has the SHA-256 " + actualSha256 + ", expected " + sha256.get());
    }
  }
}
