package io.divvy.node.report;

import io.divvy.coordinator.RunOutcome;
import io.divvy.job.JobKind;
import io.divvy.job.ReduceKind;
import io.divvy.protocol.Interval;
import io.divvy.protocol.RunKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a run ends in which nothing was computed. */
public final class NoItems {

  private NoItems() {}

  /** The end of a run of no items: done, with the identity for a result. */
  public static RunOutcome done(JobKind kind) {
    return outcome(kind, RunOutcome.Status.DONE, 0, null);
  }

  /** The end of a run that never began: all {@code items} remain. */
  public static RunOutcome notBegun(
      JobKind kind, RunOutcome.Status status, long items, @Nullable String problem) {
    return outcome(kind, status, items, problem);
  }

  private static RunOutcome outcome(
      JobKind kind, RunOutcome.Status status, long items, @Nullable String problem) {
    Value value = kind instanceof ReduceKind<?> reduce ? identity(reduce) : new Value(null, null);
    return new RunOutcome(
        RunKey.random(),
        status,
        items,
        0,
        0,
        items,
        items == 0 ? List.of() : List.of(new Interval(0, items)),
        List.of(),
        value.line(),
        digest(value.bytes()),
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        0,
        0,
        Map.of("capacity", 0.0),
        -1,
        problem,
        null);
  }

  private record Value(@Nullable String line, byte @Nullable [] bytes) {}

  private static <V> Value identity(ReduceKind<V> kind) {
    V identity = kind.identity();
    return new Value(kind.codec().line(identity), kind.codec().encode(identity));
  }

  private static String digest(byte @Nullable [] value) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      if (value != null) {
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
        sha.update(value);
      }
      return "sha256:" + HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
