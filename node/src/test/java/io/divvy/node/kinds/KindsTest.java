package io.divvy.node.kinds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.job.Codec;
import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.job.Parameter;
import io.divvy.job.Work;
import io.divvy.node.input.UsageException;
import io.divvy.node.kinds.KindDescription.ParameterDescription;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KindsTest {

  public enum Speed {
    SLOW,
    VERY_FAST
  }

  /** One parameter of each type. */
  public record Sample(
      @Parameter("an int") int count, long big, double ratio, boolean on, String text, Speed speed)
      implements Stub {
    public Sample() {
      this(1, 2, 0.5, false, "a=b", Speed.VERY_FAST);
    }
  }

  public record SecondSample() implements Stub {}

  public record WithArray(int[] numbers) implements Stub {
    public WithArray() {
      this(new int[0]);
    }
  }

  public record WithNull(String text) implements Stub {
    @SuppressWarnings("NullAway") // the mistake under test
    public WithNull() {
      this(null);
    }
  }

  public static final class NoRecord implements Stub {}

  public record BadName() implements Stub {
    @Override
    public String name() {
      return "Bad Name";
    }
  }

  /** A kind named {@code sample} that gives each number. */
  interface Stub extends MapKind<Long> {
    @Override
    default String name() {
      return "sample";
    }

    @Override
    default String summary() {
      return "for tests";
    }

    @Override
    default Long apply(long number, Work work) {
      return number;
    }

    @Override
    default Codec<Long> codec() {
      return Codec.longs();
    }
  }

  @Test
  void theBuiltInKindsAreFoundInOrder() throws Exception {
    assertThat(builtIn().describe())
        .extracting(kind -> kind.name() + " " + kind.shape())
        .containsExactly(
            "crash map", "heavy map", "power map", "primes reduce", "sum reduce", "wait map");
  }

  @Test
  void everyBuiltInParameterSaysWhatItMeans() throws Exception {
    assertThat(builtIn().describe())
        .flatExtracting(KindDescription::parameters)
        .hasSize(5)
        .allSatisfy(parameter -> assertThat(parameter.meaning()).isNotBlank());
  }

  @Test
  void aMistypedKindSuggestsTheNearest() {
    assertThatThrownBy(() -> builtIn().find("summ"))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "unknown kind 'summ'; did you mean 'sum'? known: crash, heavy, power, primes, sum, wait");
  }

  @Test
  void parametersNotGivenKeepTheirDefaults() throws Exception {
    assertThat(builtIn().bind("heavy", List.of())).isEqualTo(new Heavy(10_000_000));
    assertThat(samples().bind("sample", List.of("big=1e18", "speed=slow")))
        .isEqualTo(new Sample(1, 1_000_000_000_000_000_000L, 0.5, false, "a=b", Speed.SLOW));
  }

  @Test
  void everyTypeOfParameterIsRead() throws Exception {
    List<String> typed =
        List.of("count=-1_000", "big=7", "ratio=-1_0.5e-1", "on=true", "text=", "speed=Very-Fast");
    assertThat(samples().bind("sample", typed))
        .isEqualTo(new Sample(-1000, 7, -1.05, true, "", Speed.VERY_FAST));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e300, -0.0, 1.0E-5, Double.NaN, Double.NEGATIVE_INFINITY, 0.1})
  void parametersAreWrittenAsTheyAreRead(double ratio) throws Exception {
    Sample kind = new Sample(-1, Long.MIN_VALUE, ratio, true, " x\ny ", Speed.SLOW);
    assertThat(samples().create("sample", Kinds.parameters(kind))).isEqualTo(kind);
  }

  @Test
  void parametersAreWrittenInTheOrderOfTheRecord() {
    assertThat(Kinds.parameters(new Sample()))
        .containsExactly(
            Map.entry("count", "1"),
            Map.entry("big", "2"),
            Map.entry("ratio", "0.5"),
            Map.entry("on", "false"),
            Map.entry("text", "a=b"),
            Map.entry("speed", "very-fast"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cout=1 | unknown sample parameter 'cout'; did you mean 'count'?"
            + " known: count, big, ratio, on, text, speed",
        "count | 'count' is no parameter: write NAME=VALUE, for example count=1",
        "=1 | '=1' is no parameter: write NAME=VALUE, for example count=1",
        "count=x | count must be a whole number such as 1000, 1_000 or 1e3, got 'x'",
        "count=1.5 | count must be a whole number such as 1000, 1_000 or 1e3, got '1.5'",
        "count=1e12 | count must be from -2147483648 to 2147483647, got 1e12",
        "big=1e19 | big must be from -9223372036854775808 to 9223372036854775807, got 1e19",
        "ratio=0x1p3 | ratio must be a number such as 0.5 or 1e-3, got '0x1p3'",
        "ratio=1e999 | ratio must be at most 1.7976931348623157E308, got 1e999",
        "on=yes | on must be true or false, got 'yes'",
        "speed=slwo | speed must be one of slow, very-fast, got 'slwo'; did you mean 'slow'?",
      })
  void aWrongParameterIsExplained(String assignment, String message) {
    assertThatThrownBy(() -> samples().bind("sample", List.of(assignment)))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  @Test
  void aValueThatTheKindRefusesIsExplainedInItsOwnWords() {
    assertThatThrownBy(() -> builtIn().bind("power", List.of("exponent=-1")))
        .isInstanceOf(UsageException.class)
        .hasMessage("exponent must be at least 0, got -1");
  }

  @Test
  void aParameterGivenTwiceIsRefused() {
    assertThatThrownBy(() -> builtIn().bind("wait", List.of("millis=1", "millis=1")))
        .hasMessage("parameter 'millis' is given twice; give it once");
  }

  @Test
  void aKindWithoutParametersSaysSo() {
    assertThatThrownBy(() -> builtIn().bind("sum", List.of("x=1")))
        .hasMessage("sum has no parameters, got 'x'");
    assertThatThrownBy(() -> builtIn().bind("sum", List.of("x")))
        .hasMessage("'x' is no parameter: write NAME=VALUE; sum has none");
  }

  @Test
  void aKindIsDescribedWithItsParameters() throws Exception {
    assertThat(samples().describe())
        .filteredOn(kind -> kind.name().equals("sample"))
        .flatExtracting(KindDescription::parameters)
        .contains(
            new ParameterDescription("count", "int", "1", "an int"),
            new ParameterDescription("text", "text", "a=b", ""),
            new ParameterDescription("speed", "slow|very-fast", "very-fast", ""));
  }

  @Test
  void twoKindsOfOneNameAreBothNamed() {
    assertThatThrownBy(() -> with(Sample.class, SecondSample.class))
        .hasMessage(
            "two kinds are named 'sample': io.divvy.node.kinds.KindsTest$Sample and"
                + " io.divvy.node.kinds.KindsTest$SecondSample; rename one");
  }

  @Test
  void aKindThatIsNoneIsExplained() {
    assertThatThrownBy(() -> with(WithArray.class))
        .hasMessage(
            "parameter numbers of job kind io.divvy.node.kinds.KindsTest$WithArray must be"
                + " int, long, double, boolean, String or an enum, got [I");
    assertThatThrownBy(() -> with(WithNull.class))
        .hasMessage(
            "parameter text of job kind io.divvy.node.kinds.KindsTest$WithNull must not be null");
    assertThatThrownBy(() -> with(NoRecord.class))
        .hasMessage("job kind io.divvy.node.kinds.KindsTest$NoRecord must be a public record");
    assertThatThrownBy(() -> with(BadName.class))
        .hasMessage(
            "job kind io.divvy.node.kinds.KindsTest$BadName must have a name of lower case"
                + " letters, digits and dashes, got 'Bad Name'");
    assertThatThrownBy(() -> offering("no.such.Kind"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("a job kind cannot be loaded: ")
        .hasMessageContaining("no.such.Kind");
  }

  @Test
  void aFingerprintTellsKindsApartAndIgnoresValues() throws Exception {
    assertThat(builtIn().fingerprints().values()).doesNotHaveDuplicates().hasSize(6);
    assertThat(Kinds.fingerprint(new Heavy(1)))
        .isEqualTo(Kinds.fingerprint(new Heavy(2)))
        .matches("[0-9a-f]{16}");
    assertThat(builtIn().fingerprints()).containsEntry("sum", Kinds.fingerprint(new Sum()));
  }

  private static Kinds builtIn() throws UsageException {
    return Kinds.of(KindsTest.class.getClassLoader());
  }

  private static Kinds samples() throws UsageException {
    return with(Sample.class);
  }

  private static void with(Class<?> first, Class<?> second) throws UsageException {
    offering(first.getName() + "\n" + second.getName());
  }

  private static Kinds with(Class<? extends JobKind> kind) throws UsageException {
    return offering(kind.getName());
  }

  /** The kinds of a class loader that offers these classes as services, beside the built-in. */
  private static Kinds offering(String services) throws UsageException {
    return Kinds.of(
        new ClassLoader(KindsTest.class.getClassLoader()) {
          @Override
          protected Enumeration<URL> findResources(String name) throws IOException {
            return name.equals("META-INF/services/io.divvy.job.JobKind")
                ? Collections.enumeration(List.of(inMemory(services)))
                : Collections.emptyEnumeration();
          }
        });
  }

  private static URL inMemory(String text) throws IOException {
    URLStreamHandler handler =
        new URLStreamHandler() {
          @Override
          protected URLConnection openConnection(URL url) {
            return new URLConnection(url) {
              @Override
              public void connect() {}

              @Override
              public InputStream getInputStream() {
                return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
              }
            };
          }
        };
    return new URL("memory", "", 0, "services", handler);
  }
}
