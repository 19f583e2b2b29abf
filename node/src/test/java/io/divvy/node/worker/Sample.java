package io.divvy.node.worker;

import io.divvy.config.ResultSettings;
import io.divvy.job.Codec;
import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import io.divvy.protocol.JobSpec;
import java.time.Duration;
import java.util.Map;

/** Small kinds and settings for tests. */
final class Sample {
  static final ResultSettings SETTINGS =
      new ResultSettings(64_000, 1_000_000, Duration.ofSeconds(1), Duration.ofSeconds(1));

  private Sample() {}

  /** What a test lets an item do. */
  interface Function {
    long apply(long number, Work work) throws Exception;
  }

  /** A map kind that does what the test says. */
  record Each(Function function) implements MapKind<Long> {
    @Override
    public Long apply(long number, Work work) throws Exception {
      return function.apply(number, work);
    }

    @Override
    public Codec<Long> codec() {
      return Codec.longs();
    }

    @Override
    public String name() {
      return "each";
    }

    @Override
    public String summary() {
      return "what the test says";
    }
  }

  /** Values of a given size. */
  record Bytes(int size) implements MapKind<byte[]> {
    @Override
    public byte[] apply(long number, Work work) {
      byte[] value = new byte[size];
      java.util.Arrays.fill(value, (byte) number);
      return value;
    }

    @Override
    public Codec<byte[]> codec() {
      return Codec.bytes();
    }

    @Override
    public String name() {
      return "bytes";
    }

    @Override
    public String summary() {
      return "the number, often";
    }
  }

  /** An exact sum of what a test lets the items do. */
  record Adding(Function function, long block) implements ReduceKind<Long> {
    @Override
    public Long identity() {
      return 0L;
    }

    @Override
    public Long reduce(Numbers numbers, Work work) throws Exception {
      long sum = 0;
      for (long i = 0; i < numbers.count(); i++) {
        sum += function.apply(numbers.at(i), work);
      }
      return sum;
    }

    @Override
    public Long combine(Long left, Long right) {
      return left + right;
    }

    @Override
    public Codec<Long> codec() {
      return Codec.longs();
    }

    @Override
    public String name() {
      return "adding";
    }

    @Override
    public String summary() {
      return "a sum";
    }
  }

  /** Writes down how it was folded: blocks as first-last, combinations in parentheses. */
  record Folding(long block) implements ReduceKind<String> {
    @Override
    public String identity() {
      return "";
    }

    @Override
    public String reduce(Numbers numbers, Work work) {
      return numbers.at(0) + "-" + numbers.last();
    }

    @Override
    public String combine(String left, String right) {
      return "(" + left + " " + right + ")";
    }

    @Override
    public Codec<String> codec() {
      return Codec.text();
    }

    @Override
    public boolean exact() {
      return false;
    }

    @Override
    public String name() {
      return "folding";
    }

    @Override
    public String summary() {
      return "how it was folded";
    }
  }

  static JobSpec job(JobKind kind, long count) {
    return job(kind, count, new JobSpec.Wanted(false, false));
  }

  static JobSpec job(JobKind kind, long count, JobSpec.Wanted wanted) {
    return new JobSpec(kind.name(), "same", Map.of(), 0, 1, count, wanted);
  }
}
