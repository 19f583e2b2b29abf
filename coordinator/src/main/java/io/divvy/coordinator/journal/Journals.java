package io.divvy.coordinator.journal;

import io.divvy.protocol.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The journals in one folder: finds that of a job, and deletes those that were forgotten. */
public final class Journals {

  private Journals() {}

  /**
   * The folder of the journal that was written last, of those of this job that nobody uses.
   *
   * @throws JournalException when there is none
   */
  public static Path newest(Path folders, JobSpec job, String input) throws IOException {
    Head wanted = Head.of("", job, input, false);
    Optional<Path> busy = Optional.empty();
    for (Path folder : newestFirst(folders)) {
      Optional<Head> head = head(folder);
      if (head.isEmpty() || !head.get().job().equals(wanted.job())) {
        continue;
      }
      try (JournalFolder free = JournalFolder.lock(folder)) {
        return free.folder();
      } catch (JournalException e) {
        busy = Optional.of(folder);
      }
    }
    throw new JournalException(
        busy.isPresent()
            ? "the run of this job in "
                + busy.get()
                + " is still going; there is no other to resume"
            : "there is no journal of this job in "
                + folders
                + "; run it without --resume, or name a folder with --journal");
  }

  /**
   * Deletes the journals that nobody asked for and nobody has written since {@code before}, but for
   * those in use. What cannot be deleted stays until the next time.
   */
  static void sweep(Path folders, Instant before) {
    List<Path> all;
    try (Stream<Path> there = Files.list(folders)) {
      all = there.toList();
    } catch (IOException e) {
      return;
    }
    for (Path folder : all) {
      try {
        if (isForgotten(folder, before)) {
          delete(folder, before);
        }
      } catch (IOException e) {
        // It is in use, or is another user's.
      }
    }
  }

  private static void delete(Path folder, Instant before) throws IOException {
    try (JournalFolder locked = JournalFolder.lock(folder)) {
      // Somebody may have gone on with it just now, and ended.
      if (isForgotten(folder, before)) {
        locked.delete();
      }
    }
  }

  private static boolean isForgotten(Path folder, Instant before) throws IOException {
    Path file = JournalFolder.file(folder);
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.getLastModifiedTime(file).toInstant().isBefore(before)
        && head(folder).filter(Head::automatic).isPresent();
  }

  private static List<Path> newestFirst(Path folders) throws IOException {
    if (!Files.isDirectory(folders)) {
      return List.of();
    }
    record Dated(Path folder, long atMillis) {}
    List<Dated> dated = new ArrayList<>();
    try (Stream<Path> all = Files.list(folders)) {
      for (Path folder : all.toList()) {
        Path file = JournalFolder.file(folder);
        if (Files.isRegularFile(file)) {
          dated.add(new Dated(folder, Files.getLastModifiedTime(file).toMillis()));
        }
      }
    }
    dated.sort(Comparator.comparingLong(Dated::atMillis).reversed());
    return dated.stream().map(Dated::folder).toList();
  }

  private static Optional<Head> head(Path folder) throws IOException {
    Optional<JournalReader> opened;
    try {
      opened = JournalReader.open(folder);
    } catch (JournalException e) {
      return Optional.empty(); // whatever it is, it is not the journal of this job
    }
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (JournalReader reader = opened.get()) {
      return Optional.of(reader.head());
    }
  }
}
