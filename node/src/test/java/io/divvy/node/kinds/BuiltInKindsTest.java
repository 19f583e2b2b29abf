package io.divvy.node.kinds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.job.MapKind;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The digests and figures are those that Python and C give. */
class BuiltInKindsTest {
  private static final Work WANTED = () -> false;
  private static final Work CANCELLED = () -> true;

  @Test
  void aHundredMillionNumbersAreAdded() throws Exception {
    assertThat(digest(new Sum(), new Numbers(0, 1, 100_000_000)))
        .isEqualTo("b57a0a1f7212e4a6e0475a33c863e718ed98f50b8bc0f3d952b47ac73037f4b9");
  }

  @Test
  void aSumBeyondALongIsExact() throws Exception {
    assertThat(new Sum().reduce(new Numbers(Long.MAX_VALUE - 2, 1, 3), WANTED))
        .isEqualTo(new BigInteger("27670116110564327418"));
  }

  @Property(tries = 200)
  void everySumIsExact(
      @ForAll long first,
      @ForAll @LongRange(min = -4_000_000_000L, max = 4_000_000_000L) long step,
      @ForAll @IntRange(max = 5000) int count)
      throws Exception {
    if (step == 0 || !fits(first, step, count)) {
      return;
    }
    Numbers numbers = new Numbers(first, step, count);
    BigInteger expected =
        LongStream.range(0, count)
            .map(numbers::at)
            .mapToObj(BigInteger::valueOf)
            .reduce(BigInteger.ZERO, BigInteger::add);
    assertThat(new Sum().reduce(numbers, WANTED)).isEqualTo(expected);
  }

  @Test
  void aSumOfTheLargestNumbersStaysExactOverALongStretch() throws Exception {
    BigInteger count = BigInteger.valueOf(3_000_000);
    BigInteger mean = BigInteger.valueOf(Long.MIN_VALUE).multiply(BigInteger.TWO).add(count);
    BigInteger expected = mean.subtract(BigInteger.ONE).multiply(count).divide(BigInteger.TWO);
    assertThat(new Sum().reduce(new Numbers(Long.MIN_VALUE, 1, 3_000_000), WANTED))
        .isEqualTo(expected);
  }

  @Test
  void crashGoesWrongWhereItIsTold() {
    Crash crash = new Crash("5,1_7", Crash.How.THROW);
    assertThat(crash.apply(6, WANTED)).isEqualTo(6);
    assertThatThrownBy(() -> crash.apply(17, WANTED)).hasMessage("asked to fail at 17");
    assertThatThrownBy(() -> new Crash("5", Crash.How.OVERFLOW).apply(5, WANTED))
        .isInstanceOf(StackOverflowError.class);
    assertThatThrownBy(() -> new Crash("5", Crash.How.OOM).apply(5, WANTED))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(new Crash().apply(0, WANTED)).isZero();
  }

  @Test
  void crashTakesNumbersOnly() {
    assertThatThrownBy(() -> new Crash("5,x", Crash.How.THROW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("such as 5 or 5,17; got '5,x'");
  }

  @Test
  void heavyGivesPythonsDoubles() throws Exception {
    assertThat(digest(new Heavy(100_000), 1, 9))
        .isEqualTo("e5b3c03d6d7aa47818715bc440cc394a7811af6a18cb3b295febe9d758343870");
  }

  @Test
  void heavyIsShownWithItsInput() {
    double value = new Heavy().apply(1, WANTED);
    assertThat(new Heavy().displayLine(1, value)).contains("Input: 1, Result: 10151.010615");
  }

  @Test
  void heavyWithoutIterationsIsZero() {
    assertThat(new Heavy(0).apply(-5, WANTED)).isEqualTo(0.0);
  }

  @Test
  void aHundredThousandPowersAreExact() throws Exception {
    Power power = new Power();
    assertThat(digest(power, 0, 100_000))
        .isEqualTo("20ade22680567d22d0a645bb0b6a791f7c62d6788af61612753da52f9816ce0b");
  }

  @Property(tries = 300)
  void everyPowerIsExact(@ForAll long number, @ForAll @IntRange(max = 300) int exponent) {
    assertThat(new Power(exponent).apply(number, WANTED))
        .isEqualTo(BigInteger.valueOf(number).pow(exponent));
  }

  @Test
  void zeroToThePowerOfZeroIsOne() {
    assertThat(new Power(0).apply(0, WANTED)).isEqualTo(BigInteger.ONE);
    assertThat(new Power(7).apply(0, WANTED)).isEqualTo(BigInteger.ZERO);
  }

  @Test
  void anExponentOutOfRangeIsRefused() {
    assertThatThrownBy(() -> new Power(-1)).hasMessage("exponent must be at least 0, got -1");
    assertThatThrownBy(() -> new Power(1_000_001))
        .hasMessage("exponent must be at most 1000000, got 1000001");
  }

  @Test
  void negativeAmountsOfWorkAreRefused() {
    assertThatThrownBy(() -> new Heavy(-1)).hasMessage("iterations must be at least 0, got -1");
    assertThatThrownBy(() -> new Wait(-1)).hasMessage("millis must be at least 0, got -1");
  }

  @Test
  void aMillionNumbersHold78498Primes() throws Exception {
    assertThat(new Primes().reduce(new Numbers(0, 1, 1_000_000), WANTED)).isEqualTo(78_498);
  }

  @Property
  void aNumberIsPrimeWhenBigIntegerSaysSo(
      @ForAll @LongRange(min = -100, max = 5_000_000_000L) long number) {
    boolean expected = number > 1 && BigInteger.valueOf(number).isProbablePrime(40);
    assertThat(Primes.isPrime(number, WANTED)).isEqualTo(expected);
  }

  @Test
  void smallNumbersAreJudgedOneByOne() {
    assertThat(LongStream.range(-10, 60).filter(number -> Primes.isPrime(number, WANTED)))
        .containsExactly(
            2L, 3L, 5L, 7L, 11L, 13L, 17L, 19L, 23L, 29L, 31L, 37L, 41L, 43L, 47L, 53L, 59L);
  }

  @Test
  void theSquareOfALargePrimeIsComposite() {
    long prime = 2_147_483_647;
    assertThat(Primes.isPrime(prime, WANTED)).isTrue();
    assertThat(Primes.isPrime(prime * prime, WANTED)).isFalse();
  }

  @Test
  void theLargestLongIsJudgedWithoutOverflow() {
    // 2^63 - 25 is the largest prime below 2^63; 3037000493 the largest whose square fits.
    assertThat(Primes.isPrime(Long.MAX_VALUE - 24, WANTED)).isTrue();
    assertThat(Primes.isPrime(3_037_000_493L * 3_037_000_493L, WANTED)).isFalse();
    assertThat(Primes.isPrime(Long.MAX_VALUE, WANTED)).isFalse();
    assertThat(Primes.isPrime(Long.MIN_VALUE, WANTED)).isFalse();
  }

  @Test
  void noNumbersGiveTheIdentity() throws Exception {
    Numbers none = new Numbers(5, 1, 0);
    assertThat(new Sum().reduce(none, WANTED)).isEqualTo(new Sum().identity());
    assertThat(new Primes().reduce(none, WANTED)).isEqualTo(new Primes().identity());
  }

  @Test
  void waitingGivesTheNumber() throws Exception {
    assertThat(new Wait(0).apply(42, WANTED)).isEqualTo(42);
  }

  @Test
  void waitingEndsWhenInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new Wait(60_000).apply(1, WANTED))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void whatIsCancelledStops() {
    Numbers many = new Numbers(0, 1, Long.MAX_VALUE);
    assertThatThrownBy(() -> new Sum().reduce(many, CANCELLED))
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> new Primes().reduce(many, CANCELLED))
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> Primes.isPrime(Long.MAX_VALUE - 24, CANCELLED))
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> new Heavy(Long.MAX_VALUE).apply(1, CANCELLED))
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> new Power(1_000_000).apply(3, CANCELLED))
        .isInstanceOf(CancellationException.class);
  }

  private static boolean fits(long first, long step, int count) {
    return BigInteger.valueOf(step)
            .multiply(BigInteger.valueOf(count))
            .add(BigInteger.valueOf(first))
            .bitLength()
        < Long.SIZE;
  }

  private static <V> String digest(MapKind<V> kind, long from, long to) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (long number = from; number < to; number++) {
      add(digest, kind.codec().encode(kind.apply(number, WANTED)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static <V> String digest(ReduceKind<V> kind, Numbers numbers) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    add(digest, kind.codec().encode(kind.reduce(numbers, WANTED)));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
