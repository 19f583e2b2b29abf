package io.divvy.coordinator.journal;

import java.io.IOException;

/** A journal cannot be used; the message is one line: which, why, what to do. */
public final class JournalException extends IOException {
  private static final long serialVersionUID = 1L;

  JournalException(String message) {
    super(message);
  }

  JournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
