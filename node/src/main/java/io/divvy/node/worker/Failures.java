package io.divvy.node.worker;

import io.divvy.protocol.Result.Failure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** How what a function threw becomes text of bounded size. */
final class Failures {
  static final int MESSAGE_CHARACTERS = 500;
  static final int STACK_TRACE_BYTES = 8192;

  private Failures() {}

  /**
   * Whether the item failed rather than the JVM: what follows an exhausted heap cannot be trusted,
   * an exhausted stack is empty again.
   */
  static boolean isOfTheItem(Throwable thrown) {
    return !(thrown instanceof VirtualMachineError) || thrown instanceof StackOverflowError;
  }

  private static void requireOfTheItem(Throwable thrown) {
    if (thrown instanceof VirtualMachineError error && !isOfTheItem(thrown)) {
      throw error;
    }
  }

  static Failure of(Throwable thrown) {
    return new Failure(message(thrown), stackTrace(thrown));
  }

  private static String message(Throwable thrown) {
    String text;
    try {
      // That a limit was reached needs no class to be understood.
      text =
          thrown instanceof TimeLimit.Exceeded
              ? String.valueOf(thrown.getMessage())
              : thrown.toString();
    } catch (Throwable e) {
      // What somebody else's code throws may fail to describe itself, as badly as an item.
      requireOfTheItem(e);
      text = thrown.getClass().getName();
    }
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
    return line.length() <= MESSAGE_CHARACTERS
        ? line
        : line.substring(0, MESSAGE_CHARACTERS - 1) + "…";
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    try (PrintWriter writer = new PrintWriter(text)) {
      thrown.printStackTrace(writer);
    } catch (Throwable e) {
      requireOfTheItem(e);
      return "";
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= STACK_TRACE_BYTES) {
      return text.toString();
    }
    int end = STACK_TRACE_BYTES;
    while ((bytes[end] & 0xc0) == 0x80) {
      end--; // not within a character
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
