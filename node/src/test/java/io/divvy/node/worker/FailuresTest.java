package io.divvy.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.protocol.Result.Failure;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FailuresTest {

  @Test
  void saysInOneLineWhatWasThrown() {
    Failure failure = Failures.of(new IllegalStateException("no luck\n  today"));
    assertThat(failure.message()).isEqualTo("java.lang.IllegalStateException: no luck today");
    assertThat(failure.stackTrace()).contains("FailuresTest.saysInOneLineWhatWasThrown");
  }

  @Test
  void staysSmallHoweverMuchWasSaid() {
    Failure failure = Failures.of(new IllegalStateException("ö".repeat(100_000)));
    assertThat(failure.message()).hasSize(Failures.MESSAGE_CHARACTERS).endsWith("…");
    assertThat(failure.stackTrace().getBytes(StandardCharsets.UTF_8).length)
        .isBetween(Failures.STACK_TRACE_BYTES - 3, Failures.STACK_TRACE_BYTES);
    assertThat(failure.stackTrace()).doesNotContain("\ufffd");
  }

  @Test
  void namesAnExceptionThatCannotDescribeItself() {
    Failure failure = Failures.of(new Speechless());
    assertThat(failure.message()).isEqualTo(Speechless.class.getName());
  }

  @Test
  void doesNotTakeAnExhaustedHeapForAFailureOfTheItem() {
    assertThat(Failures.isOfTheItem(new OutOfMemoryError())).isFalse();
    assertThat(Failures.isOfTheItem(new StackOverflowError())).isTrue();
    assertThat(Failures.isOfTheItem(new NoClassDefFoundError())).isTrue();
  }

  private static final class Speechless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("not even that");
    }
  }
}
