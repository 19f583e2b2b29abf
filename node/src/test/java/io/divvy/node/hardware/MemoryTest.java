package io.divvy.node.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
  private final Path proc;

  MemoryTest(@TempDir Path proc) {
    this.proc = proc;
  }

  @Test
  void proportionalSizesAreAddedUp() throws IOException {
    write(
        "1/smaps_rollup", "00400000-7fff rollup\nRss: 900 kB\nPss:     100 kB\nPss_Dirty: 7 kB\n");
    write("2/smaps_rollup", "Pss: 20 kB\n");
    assertThat(new Memory(proc).bytes(Set.of(1L, 2L))).isEqualTo(120 * 1024);
  }

  @Test
  void theResidentSizeStandsInForAProportionalOneThatIsNotTold() throws IOException {
    write("1/status", "Name:\tjava\nVmRSS:\t    300 kB\n");
    write("2/smaps_rollup", "Pss: 20 kB\n");
    assertThat(new Memory(proc).bytes(Set.of(1L, 2L))).isEqualTo(320 * 1024);
  }

  @Test
  void aProcessThatIsGoneCountsNothing() throws IOException {
    write("2/smaps_rollup", "Pss: 20 kB\n");
    assertThat(new Memory(proc).bytes(Set.of(1L, 2L))).isEqualTo(20 * 1024);
  }

  @Test
  void nothingToldIsMinusOne() {
    assertThat(new Memory(proc).bytes(Set.of(1L))).isEqualTo(-1);
    assertThat(new Memory(proc).bytes(Set.of())).isEqualTo(-1);
  }

  @Test
  void thisProcessUsesMemory() {
    long pid = ProcessHandle.current().pid();
    assertThat(new Memory().bytes(Set.of(pid))).isGreaterThan(1 << 20);
    assertThat(Memory.Elsewhere.residentBytes(pid).orElseThrow()).isGreaterThan(1 << 20);
  }

  @Test
  void thePeakIsTheLargestSumOfThoseWatched() {
    AtomicLong each = new AtomicLong(10);
    PeakMemory peak = new PeakMemory(pids -> pids.size() * each.get(), Duration.ofMillis(1));
    peak.watch(1);
    peak.watch(2);
    peak.begin();
    await().atMost(Duration.ofSeconds(10)).until(() -> peak.bytes() == 20);
    peak.forget(2);
    each.set(15);
    peak.end();
    assertThat(peak.bytes()).isEqualTo(20);
    each.set(30);
    peak.begin();
    await().atMost(Duration.ofSeconds(10)).until(() -> peak.bytes() == 30);
    peak.end();
  }

  @Test
  void aRunShorterThanTheIntervalIsSeenAtItsEnd() {
    PeakMemory peak = new PeakMemory(pids -> 7, Duration.ofDays(1));
    peak.begin();
    assertThat(peak.bytes()).isEqualTo(-1);
    peak.end();
    assertThat(peak.bytes()).isEqualTo(7);
  }

  @Test
  void betweenRunsNobodyLooks() throws InterruptedException {
    BlockingQueue<Thread> looking = new LinkedBlockingQueue<>();
    PeakMemory peak =
        new PeakMemory(pids -> looking.add(Thread.currentThread()) ? 1 : 0, Duration.ofMillis(1));
    peak.begin();
    Thread sampler = looking.poll(10, TimeUnit.SECONDS);
    assertThat(sampler).isNotNull();
    peak.end();
    sampler.join(10_000);
    assertThat(sampler.isAlive()).isFalse();
  }

  private void write(String file, String text) throws IOException {
    Path path = proc.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
