package io.divvy.node.kinds;

import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Parameter;
import io.divvy.job.Work;

/** Sleeps for each number: waiting that needs no core. */
public record Wait(
    @Parameter("how long to sleep for each number, in milliseconds, at least 0") long millis)
    implements MapKind<Long> {

  public Wait {
    if (millis < 0) {
      throw new IllegalArgumentException("millis must be at least 0, got " + millis);
    }
  }

  public Wait() {
    this(2000);
  }

  @Override
  public String name() {
    return "wait";
  }

  @Override
  public String summary() {
    return "for each n: sleeps, then gives n";
  }

  // A cancelled item wakes up at once, since its thread is interrupted.
  @Override
  public Long apply(long number, Work work) throws InterruptedException {
    Thread.sleep(millis);
    return number;
  }

  @Override
  public Codec<Long> codec() {
    return Codec.longs();
  }
}
