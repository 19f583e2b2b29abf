package io.divvy.node.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.download.fetch.Facts;
import io.divvy.node.download.fetch.Target;
import io.divvy.node.download.fetch.Target.Partial;
import io.divvy.node.download.list.Mark;
import io.divvy.node.download.place.Part;
import io.divvy.node.download.place.Store;
import io.divvy.node.download.transfer.Fetcher;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartTargetTest {
  private static final Mark KEY = Mark.of("http://h/a");
  private static final URI FINAL = URI.create("http://h/b");

  private final Watching control = new Watching();

  @TempDir private Path dir;
  private Store store;

  @BeforeEach
  void open() throws Exception {
    store = Store.open(dir, 0);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void whatComesIsTakenAndTold() throws Exception {
    try (Part part = store.part(KEY);
        OutputStream output = new PartTarget(part, control).begin(facts(Optional.empty(), 5))) {
      write(output, "he");
      output.write('l');

      assertThat(part.length()).isEqualTo(3);
    }
    assertThat(control.taken).containsExactly(2, 1);
    assertThat(control.moved).containsExactly("0 of 5", "2 of 5", "3 of 5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"v1\"", "Sun, 06 Nov 1994 08:49:37 GMT"})
  void whatBrokeOffIsGoneOnWithByWhatNamedIt(String validator) throws Exception {
    try (Part part = store.part(KEY)) {
      write(new PartTarget(part, control).begin(facts(Optional.of(validator), 5)), "hel");
    }
    try (Part part = store.part(KEY)) {
      PartTarget target = new PartTarget(part, control);

      assertThat(target.partial()).contains(new Partial(3, OptionalLong.of(5), validator, FINAL));
      write(target.resume(facts(Optional.of(validator), 5)), "lo");
      assertThat(part.length()).isEqualTo(5);
    }
    assertThat(control.moved).endsWith("3 of 5", "5 of 5");
  }

  @Test
  void aFullDiskIsToldApartFromOtherTrouble() throws Exception {
    store.close();
    store = Store.open(dir, Long.MAX_VALUE);
    try (Part part = store.part(KEY)) {
      PartTarget target = new PartTarget(part, control);

      assertThatThrownBy(() -> target.begin(facts(Optional.empty(), 5)))
          .isInstanceOf(Target.FullException.class)
          .hasMessageStartingWith("the disk is full: ");
    }
  }

  @Test
  void whatNothingNamesStartsOver() throws Exception {
    try (Part part = store.part(KEY)) {
      write(new PartTarget(part, control).begin(facts(Optional.empty(), 5)), "hel");
    }
    try (Part part = store.part(KEY)) {
      assertThat(new PartTarget(part, control).partial()).isEmpty();
    }
  }

  @Test
  void whoIsInterruptedWhileItWaitsForItsShareWritesNothing() throws Exception {
    control.interrupted = true;
    try (Part part = store.part(KEY);
        OutputStream output = new PartTarget(part, control).begin(facts(Optional.empty(), 5))) {
      assertThatThrownBy(() -> write(output, "hel")).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(part.length()).isZero();
    }
  }

  private static void write(OutputStream output, String text) throws IOException {
    output.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Facts facts(Optional<String> validator, long length) {
    return new Facts(
        200, FINAL, OptionalLong.of(length), validator, Optional.empty(), Optional.empty());
  }

  /** Lets everything through and writes it down. */
  private static final class Watching implements Fetcher.Control {
    private final List<String> moved = new ArrayList<>();
    private final List<Integer> taken = new ArrayList<>();
    private boolean interrupted;

    @Override
    public void moved(long bytes, long length) {
      moved.add(bytes + " of " + length);
    }

    @Override
    public void landed() {
      // The target does not say it.
    }

    @Override
    public void crossTo(String host) {
      throw new UnsupportedOperationException("the target is not asked");
    }

    @Override
    public void take(int bytes) throws InterruptedException {
      if (interrupted) {
        throw new InterruptedException();
      }
      taken.add(bytes);
    }

    @Override
    public void onCancel(Runnable close) {}

    @Override
    public boolean isCancelled() {
      return false;
    }
  }
}
