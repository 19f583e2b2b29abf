package io.divvy.coordinator.download;

import io.divvy.protocol.ToDownload;
import io.divvy.protocol.Tried;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * The files that are being streamed back: parts are taken in order, one that came twice or too
 * early is not; and no attempt is written to after it ended.
 */
final class Incoming {

  private static final class File {
    private final Entry.Wanted entry;
    private long next;
    private long written;
    private boolean completing;

    File(Entry.Wanted entry) {
      this.entry = entry;
    }
  }

  private final Receiver receiver;
  private final OwnThread thread = new OwnThread("divvy-receive");
  private final Map<Long, File> files = new HashMap<>();

  Incoming(Receiver receiver) {
    this.receiver = receiver;
  }

  /**
   * Takes a part, if it is the next one.
   *
   * @return completes when it is written, with the offset up to which all is; empty when the part
   *     is dropped
   */
  Optional<CompletionStage<Long>> take(ToDownload.Part part, Entry.Wanted entry) {
    File file = files.computeIfAbsent(part.attempt(), attempt -> new File(entry));
    if (part.offset() != file.next || file.completing) {
      return Optional.empty();
    }
    file.next += part.bytes().length;
    long until = file.next;
    return Optional.of(
        thread.call(
            () -> {
              receiver.write(part.attempt(), entry, part.offset(), part.bytes());
              return until;
            }));
  }

  /** All bytes of the attempt's file before {@code until} are written. */
  void written(long attempt, long until) {
    File file = files.get(attempt);
    if (file != null) {
      file.written = Math.max(file.written, until);
    }
  }

  /** Up to where the attempt's file is written. */
  long written(long attempt) {
    File file = files.get(attempt);
    return file == null ? 0 : file.written;
  }

  /** Whether the file is on its way to its place. */
  boolean isCompleting(long attempt) {
    File file = files.get(attempt);
    return file != null && file.completing;
  }

  /** The attempts whose files are on their way to their places. */
  List<Long> completing() {
    return files.entrySet().stream()
        .filter(file -> file.getValue().completing)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Puts the file in its place; empty when bytes of it are missing. */
  Optional<CompletionStage<Tried>> complete(long attempt, Entry.Wanted entry, Tried.Ok ok) {
    File file = files.computeIfAbsent(attempt, same -> new File(entry));
    if (file.next != ok.bytes()) {
      return Optional.empty();
    }
    file.completing = true;
    return Optional.of(thread.call(() -> receiver.complete(attempt, file.entry, ok)));
  }

  /** The attempt's file is in its place, or failed. */
  void completed(long attempt) {
    files.remove(attempt);
  }

  /** Drops the files of attempts that have ended, unless they are on their way to their places. */
  CompletionStage<Void> dropUnless(Predicate<Long> wanted) {
    List<Long> over =
        files.entrySet().stream()
            .filter(file -> !file.getValue().completing && !wanted.test(file.getKey()))
            .map(Map.Entry::getKey)
            .toList();
    over.forEach(files::remove);
    return thread.call(
        () -> {
          for (long attempt : over) {
            receiver.drop(attempt);
          }
          return null;
        });
  }

  void end() {
    thread.end();
  }
}
