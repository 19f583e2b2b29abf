package io.divvy.node.cli;

import io.divvy.node.worker.InHand;
import java.util.Optional;

/** Tells why a JVM ends that nobody told to end: a function called for it. */
final class Culprit {

  private Culprit() {}

  /** One line, when the JVM ends because a function of the run called {@code System.exit}. */
  static Optional<String> words() {
    return InHand.ofWhoExits()
        .map(
            hand ->
                "the function called System.exit at "
                    + hand.text()
                    + ": in a thread that ends the whole JVM, and the run with it; --model processes"
                    + " survives it");
  }
}
