package io.divvy.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.config.JournalSettings;
import io.divvy.protocol.Interval;
import io.divvy.protocol.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which of the journals that nobody asked for are deleted. */
@Timeout(60)
class SweepTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration AGE = Duration.ofDays(14);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant OLD = NOW.minus(AGE).minusSeconds(1);
  private static final JobSpec JOB =
      new JobSpec("power", "", Map.of(), 0, 1, 100, new JobSpec.Wanted(false, false));
  private static final JournalSettings AT_ONCE =
      new JournalSettings(Duration.ofMillis(1), Duration.ZERO, 1024, AGE);

  private final Path folders;

  SweepTest(@TempDir Path folder) {
    this.folders = folder.resolve("journals");
  }

  @Test
  void thoseThatNobodyHasWrittenForLongGoAndOthersStay() throws IOException {
    Path old = written(automatic(), OLD);
    Path young = written(automatic(), NOW.minus(AGE));
    Journals.sweep(folders, NOW.minus(AGE));
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void oneThatIsInUseStays() throws IOException {
    Path used = written(automatic(), OLD);
    try (JournalFolder locked = JournalFolder.lock(used)) {
      Journals.sweep(folders, NOW.minus(AGE));
      assertThat(locked.file()).exists();
    }
    Journals.sweep(folders, NOW.minus(AGE));
    assertThat(used).doesNotExist();
  }

  @Test
  void oneThatWasAskedForStays() throws IOException {
    Journal journal = Journal.create(folders.resolve("mine"), JOB, "0..100", AT_ONCE);
    Path mine = written(ended(journal), OLD);
    Journals.sweep(folders, NOW.minus(AGE));
    assertThat(mine).exists();
  }

  @Test
  void whatIsNoJournalStays() throws IOException {
    Path strange = Files.createDirectories(folders.resolve("strange"));
    Files.writeString(JournalFolder.file(strange), "no journal");
    Path elsewhere = written(automatic(), OLD);
    Path outside = folders.resolveSibling("outside");
    Files.move(elsewhere, outside);
    Path link = Files.createSymbolicLink(folders.resolve("link"), outside);
    written(strange, OLD);
    Journals.sweep(folders, NOW.minus(AGE));
    assertThat(JournalFolder.file(strange)).exists();
    assertThat(JournalFolder.file(link)).exists();
    assertThat(strange.resolve("lock")).doesNotExist();
  }

  @Test
  void aFileThatSomebodyPutBesideOneStays() throws IOException {
    Path old = written(automatic(), OLD);
    Files.writeString(old.resolve("note"), "keep");
    Journals.sweep(folders, NOW.minus(AGE));
    assertThat(old).isDirectoryContaining("glob:**note");
    assertThat(JournalFolder.file(old)).doesNotExist();
  }

  private Path automatic() {
    return ended(Journal.later(folders, JOB, "0..100", AT_ONCE, line -> {}));
  }

  /** As an interrupted run leaves it. */
  private static Path ended(Journal journal) {
    journal.keep(List.of(new Entry.Accepted(new Interval(0, 50), new byte[9], "n1", 1)));
    return journal.end(Optional.empty(), PATIENCE).orElseThrow();
  }

  private static Path written(Path folder, Instant when) throws IOException {
    Files.setLastModifiedTime(JournalFolder.file(folder), FileTime.from(when));
    return folder;
  }
}
