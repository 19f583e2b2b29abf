package io.divvy.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** What came of one try to fetch a URL. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Tried.Ok.class, name = "ok"),
  @JsonSubTypes.Type(value = Tried.Broken.class, name = "broken")
})
public sealed interface Tried {

  /** The address that answered, after redirects; null when none did. */
  @Nullable String finalUrl();

  /** How long the try took, by the node's clock. */
  double seconds();

  /**
   * The file is whole, verified and in its place.
   *
   * @param file its name, relative to DIR
   * @param sha256 64 hexadecimal digits
   */
  record Ok(
      String file,
      long bytes,
      String sha256,
      int httpStatus,
      String finalUrl,
      double seconds,
      @Nullable String contentType)
      implements Tried {}

  /**
   * There is no file.
   *
   * @param cause one of a few names, by which failures are grouped: {@code timeout}, {@code
   *     http-404}
   * @param text one line for people, free of control characters
   * @param httpStatus 0 when there was no answer
   * @param retryable whether another try may succeed
   * @param retryAfterMillis how long the server asks to wait, or -1 when it does not say
   */
  record Broken(
      String cause,
      String text,
      int httpStatus,
      boolean retryable,
      long retryAfterMillis,
      @Nullable String finalUrl,
      double seconds)
      implements Tried {

    /** The cause of tries that we ended ourselves: they tell nothing about the URL. */
    public static final String LOST = "lost";

    /** The cause of a try for which there was no room: no other file will do better. */
    public static final String DISK_FULL = "disk full";

    /** A try without an answer of a server. */
    public static Broken of(String cause, String text, boolean retryable) {
      return new Broken(cause, text, 0, retryable, -1, null, 0);
    }

    /** Whether this is told of the disk, and tells nothing about the URL. */
    public boolean isDiskFull() {
      return cause.equals(DISK_FULL);
    }

    /** A try that was ended before anything came of it; it does not count as a failed one. */
    public static Broken lost(String why) {
      return of(LOST, why, true);
    }
  }
}
