package io.divvy.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.config.JournalSettings;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a journal is on disk, who may use it, and what becomes of it. */
@Timeout(60)
class JournalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration FORTNIGHT = Duration.ofDays(14);
  private static final Optional<String> DONE = Optional.of("done");
  private static final JobSpec JOB = job(Map.of("exponent", "3"), 100);
  private static final JournalSettings AT_ONCE =
      new JournalSettings(Duration.ofMillis(1), Duration.ZERO, 1024, FORTNIGHT);
  private static final JournalSettings LATER =
      new JournalSettings(Duration.ofMillis(1), NEVER, 1024, FORTNIGHT);

  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final Path folder;

  JournalTest(@TempDir Path folder) {
    this.folder = folder.resolve("kept");
  }

  @Test
  void whatWasKeptIsThereForTheNextWhoseEpochIsHigher() throws Exception {
    Journal first = Journal.create(folder, JOB, "0..100", AT_ONCE);
    await(first.keep(List.of(accepted(0, 10), new Entry.Failed(10, "no", "at x"))));
    assertThat(first.end(Optional.empty(), PATIENCE)).contains(folder.toRealPath());

    Journal second = resume(JOB);

    assertThat(second.run()).isEqualTo(new RunKey(first.run().run(), 1));
    assertThat(second.resumed()).isEqualTo(11);
    assertThat(replayed(second)).containsExactly("[0, 10) of n1/2", "10 no");
    assertThat(second.finished()).isFalse();
    assertThat(second.end(Optional.empty(), PATIENCE)).isPresent();
    Journal third = resume(JOB);
    assertThat(third.run().epoch()).isEqualTo(2);
    third.end(Optional.empty(), PATIENCE);
  }

  @Test
  void oneThatWasAskedForStaysWhenTheRunIsDone() throws Exception {
    Journal journal = Journal.create(folder, JOB, "0..100", AT_ONCE);
    await(journal.keep(List.of(accepted(0, 100))));
    assertThat(journal.end(DONE, PATIENCE)).contains(folder.toRealPath());

    Journal again = resume(JOB);
    assertThat(again.finished()).isTrue();
    assertThat(again.end(DONE, PATIENCE)).isPresent();
  }

  @Test
  void whenOneIsMadeThatNobodyAskedForThoseOfLongAgoGo() throws Exception {
    Path old = interrupted().toRealPath();
    Path young = interrupted().toRealPath();
    Instant then = Instant.now().minus(FORTNIGHT).minusSeconds(60);
    Files.setLastModifiedTime(JournalFolder.file(old), FileTime.from(then));

    Journal journal = Journal.later(folder, JOB, "0..100", AT_ONCE, notices::add);
    journal.keep(List.of(accepted(0, 50)));

    awaitGone(old);
    assertThat(young).exists();
    assertThat(journal.end(Optional.empty(), PATIENCE)).isPresent();
  }

  private Path interrupted() {
    Journal journal = Journal.later(folder, JOB, "0..100", AT_ONCE, notices::add);
    journal.keep(List.of(accepted(0, 50)));
    return journal.end(Optional.empty(), PATIENCE).orElseThrow();
  }

  private static void awaitGone(Path path) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (Files.exists(path) && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void oneThatNobodyAskedForGoesWhenTheRunIsDone() throws Exception {
    Journal journal = Journal.later(folder, JOB, "0..100", AT_ONCE, notices::add);
    journal.keep(List.of(accepted(0, 50)));
    awaitNotice("what this run counts is kept in " + folder.toAbsolutePath());
    assertThat(journal.end(DONE, PATIENCE)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aShortRunLeavesNoTrace() {
    Journal journal = Journal.later(folder, JOB, "0..100", LATER, notices::add);
    journal.keep(List.of(accepted(0, 50)));
    assertThat(journal.end(DONE, PATIENCE)).isEmpty();
    assertThat(folder).doesNotExist();
    assertThat(notices).isEmpty();
  }

  @Test
  void aShortRunThatIsInterruptedIsWrittenThen() throws Exception {
    Journal journal = Journal.later(folder, JOB, "0..100", LATER, notices::add);
    assertThat(journal.keep(List.of(accepted(0, 50)))).isCompleted();

    Path left = journal.end(Optional.empty(), PATIENCE).orElseThrow();

    assertThat(left).isEqualTo(Journals.newest(folder, JOB, "0..100"));
    Journal resumed = Journal.resume(left, JOB, "0..100", LATER, notices::add);
    assertThat(replayed(resumed)).containsExactly("[0, 50) of n1/2");
    assertThat(resumed.end(DONE, PATIENCE)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void muchToKeepIsWrittenBeforeItsTime() {
    Journal journal = Journal.later(folder, JOB, "0..100", LATER, notices::add);
    journal.keep(List.of(new Entry.Accepted(new Interval(0, 1), new byte[2000], "n1", 1)));
    awaitNotice("what this run counts is kept in ");
    journal.end(Optional.empty(), PATIENCE);
  }

  @Test
  void whereNothingWasCountedNothingIsLeft() throws Exception {
    Journal journal = Journal.create(folder, JOB, "0..100", AT_ONCE);
    assertThat(journal.end(Optional.empty(), PATIENCE)).isEmpty();
    assertThat(folder).doesNotExist();
  }

  @Test
  void onlyOneMayUseIt() throws Exception {
    Journal journal = Journal.create(folder, JOB, "0..100", AT_ONCE);
    assertThatThrownBy(() -> resume(JOB)).hasMessageContaining("is in use by this process;");
    await(journal.keep(List.of(accepted(0, 1))));
    journal.end(Optional.empty(), PATIENCE);
    assertThatThrownBy(() -> Journal.create(folder, JOB, "0..100", AT_ONCE))
        .hasMessage(
            "--journal " + folder + " holds a journal; add --resume, or give another folder");
  }

  @Test
  void whatWasCountedForAnotherJobDoesNotCount() throws Exception {
    Journal journal = Journal.create(folder, JOB, "0..100", AT_ONCE);
    await(journal.keep(List.of(accepted(0, 1))));
    journal.end(Optional.empty(), PATIENCE);

    assertThatThrownBy(() -> resume(job(Map.of("exponent", "4"), 100)))
        .hasMessageContaining("is of another job: its exponent is 3, not 4;");
    assertThatThrownBy(() -> resume(job(Map.of("exponent", "3"), 200)))
        .hasMessageContaining("its input is 0..100, not as typed;");
    assertThatThrownBy(
            () -> resume(new JobSpec("power", "new", JOB.parameters(), 0, 1, 100, JOB.wanted())))
        .hasMessageContaining("the code of power was another: fingerprint code, now new;");
    Journal unharmed = resume(JOB);
    assertThat(unharmed.run().epoch()).isEqualTo(1);
    unharmed.end(Optional.empty(), PATIENCE);
  }

  @Test
  void withoutAJournalThereIsNothingToResume() {
    assertThatThrownBy(() -> resume(JOB)).hasMessageContaining("there is no journal in ");
    assertThatThrownBy(() -> Journals.newest(folder, JOB, "0..100"))
        .hasMessageContaining("there is no journal of this job in ");
  }

  @Test
  void aFullDiskEndsARunWhoseJournalWasAskedFor() throws Exception {
    AtomicInteger room = new AtomicInteger(400);
    Journal journal = Journal.create(folder, JOB, "0..100", AT_ONCE, filling(room));
    await(journal.keep(List.of(accepted(0, 1))));
    room.set(5);
    assertThatThrownBy(() -> await(journal.keep(List.of(accepted(1, 2)))))
        .cause()
        .isInstanceOf(JournalException.class)
        .hasMessage(
            "the journal cannot be written to "
                + folder.toRealPath()
                + ": No space left on device; make room there and go on with --resume");
    journal.end(Optional.empty(), PATIENCE);

    Journal resumed = resume(JOB);
    assertThat(replayed(resumed)).containsExactly("[0, 1) of n1/2");
    resumed.end(Optional.empty(), PATIENCE);
  }

  @Test
  void withoutRoomARunGoesOnWithoutAJournalThatNobodyAskedFor() throws Exception {
    AtomicInteger room = new AtomicInteger();
    Journal journal = Journal.later(folder, JOB, "0..100", AT_ONCE, notices::add, filling(room));
    journal.keep(List.of(accepted(0, 1)));
    awaitNotice("No space left on device; the run goes on without it");
    await(journal.keep(List.of(accepted(1, 2))));
    assertThat(notices).hasSize(1);
    assertThat(journal.end(Optional.empty(), PATIENCE)).isEmpty();
  }

  @Test
  void whatComesTogetherIsForcedOnce() throws Exception {
    AtomicInteger commits = new AtomicInteger();
    Disk counting =
        (file, length) -> {
          Disk.Output output = Disk.files().open(file, length);
          return new Disk.Output() {
            @Override
            public void commit(ByteBuffer... bytes) throws IOException {
              commits.incrementAndGet();
              output.commit(bytes);
            }

            @Override
            public void close() throws IOException {
              output.close();
            }
          };
        };
    Journal journal =
        Journal.create(
            folder,
            JOB,
            "0..100",
            new JournalSettings(Duration.ofSeconds(10), NEVER, 1024, FORTNIGHT),
            counting);
    int before = commits.get();
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      stages.add(journal.keep(List.of(accepted(i, i + 1))));
    }
    CompletableFuture<Void> behind = journal.keep(List.of()).toCompletableFuture();
    journal.end(Optional.empty(), PATIENCE);

    assertThat(stages).allMatch(stage -> stage.toCompletableFuture().isDone());
    assertThat(behind).isDone();
    assertThat(commits.get() - before).isEqualTo(1);
  }

  private static Disk filling(AtomicInteger room) {
    return (file, length) -> {
      Disk.Output output = Disk.files().open(file, length);
      return new Disk.Output() {
        @Override
        public void commit(ByteBuffer... bytes) throws IOException {
          for (ByteBuffer each : bytes) {
            int fits = Math.min(each.remaining(), room.get());
            boolean full = fits < each.remaining();
            room.addAndGet(-fits);
            output.commit(each.slice(each.position(), fits));
            if (full) {
              throw new IOException("No space left on device");
            }
          }
        }

        @Override
        public void close() throws IOException {
          output.close();
        }
      };
    };
  }

  private Journal resume(JobSpec job) throws JournalException {
    return Journal.resume(folder, job, "as typed", AT_ONCE, notices::add);
  }

  private static List<String> replayed(Journal journal) throws IOException {
    List<String> story = new ArrayList<>();
    journal.replay(
        new Keeper.Replay() {
          @Override
          public void accepted(Entry.Accepted accepted) {
            story.add(accepted.interval() + " of " + accepted.node() + "/" + accepted.worker());
          }

          @Override
          public void failed(Entry.Failed failed) {
            story.add(failed.index() + " " + failed.message());
          }
        });
    return story;
  }

  private void awaitNotice(String part) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (notices.stream().noneMatch(line -> line.contains(part))) {
      assertThat(System.nanoTime()).as("nothing said: %s", part).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void await(CompletionStage<Void> stage) throws Exception {
    try {
      stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Entry accepted(long from, long to) {
    return new Entry.Accepted(new Interval(from, to), new byte[] {1, 2, 3}, "n1", 2);
  }

  private static JobSpec job(Map<String, String> parameters, long count) {
    return new JobSpec("power", "code", parameters, 0, 1, count, new JobSpec.Wanted(false, false));
  }
}
