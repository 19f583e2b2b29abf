package io.divvy.node.kinds;

import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Parameter;
import io.divvy.job.Work;
import io.divvy.node.input.WholeNumber;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Gives each number itself, but goes wrong at some: to see what becomes of the others. */
public record Crash(
    @Parameter("the numbers to go wrong at, with commas between them; empty: none") String at,
    @Parameter(
            "what to do there: an exception, System.exit(77), Runtime.halt(78), use up the memory,"
                + " use up the stack, never return")
        How how)
    implements MapKind<Long> {

  /** What a function can do to the JVM that runs it. */
  public enum How {
    THROW,
    EXIT,
    HALT,
    OOM,
    OVERFLOW,
    LOOP
  }

  private static final int EXIT_CODE = 77;
  private static final int HALT_CODE = 78;
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  public Crash {
    numbers(at);
  }

  public Crash() {
    this("", How.THROW);
  }

  @Override
  public String name() {
    return "crash";
  }

  @Override
  public String summary() {
    return "for each n: gives n, but goes wrong at some";
  }

  @Override
  public Long apply(long number, Work work) {
    if (!at.isEmpty() && numbers(at).contains(number)) {
      crash(number);
    }
    return number;
  }

  private void crash(long number) {
    switch (how) {
      case THROW -> throw new IllegalStateException("asked to fail at " + number);
      case EXIT -> System.exit(EXIT_CODE);
      case HALT -> Runtime.getRuntime().halt(HALT_CODE);
      case OOM -> useUpMemory();
      case OVERFLOW -> throw new IllegalStateException("a stack without end: " + deeper(number));
      case LOOP -> loop();
    }
  }

  /**
   * Arrays as large as the heap: the first may be given, the second never, and little is filled.
   */
  private static void useUpMemory() {
    int length = (int) Math.min(LONGEST_ARRAY, Runtime.getRuntime().maxMemory() / Long.BYTES + 1);
    Object[] kept = {};
    while (true) {
      kept = new Object[] {kept, new long[length]};
    }
  }

  // Not a tail call, which the JVM may not turn into a loop.
  @SuppressWarnings("InfiniteRecursion")
  private static long deeper(long depth) {
    return 1 + deeper(depth + 1);
  }

  /** Asks nobody whether to stop: this is what users fear. */
  private static void loop() {
    long spun = 0;
    while (spun >= 0) {
      spun = (spun + 1) & Long.MAX_VALUE;
    }
  }

  private static List<Long> numbers(String text) {
    if (text.isBlank()) {
      return List.of();
    }
    try {
      return Arrays.stream(text.split(",", -1)).map(String::strip).map(WholeNumber::parse).toList();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "at must be numbers with commas between them, such as 5 or 5,17; got '%s'",
              text),
          e);
    }
  }

  @Override
  public Codec<Long> codec() {
    return Codec.longs();
  }
}
