package io.divvy.node.download.place;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** A file that could not be written, or is not what it should be. The message is one line. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What kind of trouble, as the summary groups failures. */
  public enum Trouble {
    /** The disk is full, or a quota is used up: no other file will do better. */
    DISK_FULL,
    /** The file is shorter or longer than it should be. */
    LENGTH,
    /** The file has another SHA-256 than it should have. */
    DIGEST,
    /** A sub-folder leads out of DIR, or is no folder. */
    PLACE,
    /** Whatever else the system says. */
    OTHER
  }

  private final Trouble trouble;

  StoreException(Trouble trouble, String message) {
    super(message);
    this.trouble = trouble;
  }

  private StoreException(Trouble trouble, String message, IOException cause) {
    super(message, cause);
    this.trouble = trouble;
  }

  /** What the system said about something, in our words. */
  public static StoreException of(String what, IOException e) {
    if (e instanceof StoreException store) {
      return store;
    }
    return isDiskFull(e)
        ? new StoreException(Trouble.DISK_FULL, "the disk is full: " + what, e)
        : new StoreException(Trouble.OTHER, what + ": " + why(e), e);
  }

  /** One line; always there. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** What kind of trouble it is. */
  public Trouble trouble() {
    return trouble;
  }

  // Java has no type for it; these are the words of Linux, macOS and Windows.
  private static boolean isDiskFull(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("no space left on device")
        || text.contains("not enough space")
        || text.contains("quota exceeded");
  }

  static String why(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
