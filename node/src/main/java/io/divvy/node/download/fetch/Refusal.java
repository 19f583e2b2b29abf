package io.divvy.node.download.fetch;

import java.io.IOException;

/** What we do not go along with: carries how the fetch ends. */
final class Refusal extends IOException {
  private static final long serialVersionUID = 1L;

  private final Cause why;

  Refusal(Cause why, String text) {
    super(text);
    this.why = why;
  }

  Cause why() {
    return why;
  }
}
