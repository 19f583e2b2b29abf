package io.divvy.node.input;

/** Wrong usage. The message is the one line for the user: what, got, allowed, what to do. */
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  /** With the cause for the log; the user reads the message alone. */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
