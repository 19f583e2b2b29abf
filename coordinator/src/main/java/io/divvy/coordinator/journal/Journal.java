package io.divvy.coordinator.journal;

import io.divvy.config.JournalSettings;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a run counts in a file. A thread of its own writes, and forces to disk at once what
 * came within the commit interval.
 *
 * <p>A journal that nobody asked for stays in memory for the first seconds of a run, and when it
 * cannot be written the run goes on without it. One that was asked for is there from the beginning,
 * and when it cannot be written the run must end.
 */
public final class Journal implements Keeper {

  /** So much is committed without waiting for more. */
  private static final long GROUP_BYTES = 1 << 20;

  private final RunKey run;
  private final boolean automatic;
  private final JournalSettings settings;
  private final Consumer<String> notice;
  private final Opening opening;
  private final @Nullable Past past;

  /** Where the journals are that nobody asked for, when this is a new one of them. */
  private final Optional<Path> others;

  private final long begunNanos = System.nanoTime();
  private final Thread thread = new Thread(this::work, "divvy-journal");

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private Group next = new Group();
  private Group written = Group.nothing();
  private @Nullable JournalException broken;
  private boolean anything;

  /** Written under the lock. */
  private volatile End end = End.NOT_YET;

  // Written by one thread: whoever makes this, then the journal's own.
  private volatile @Nullable JournalWriter writer;

  private enum End {
    NOT_YET,
    KEEP,
    DISCARD
  }

  /** Makes the file of a journal. */
  private interface Opening {
    JournalWriter open() throws IOException;
  }

  /** What the journal held when it was opened. */
  private record Past(Path folder, boolean finished, long items) {}

  /** What is committed at once: a list for each call of keep, which must not be torn apart. */
  private static final class Group {
    private final List<List<Entry>> batches = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long bytes;
    private long firstNanos;

    static Group nothing() {
      Group group = new Group();
      group.done.complete(null);
      return group;
    }

    void add(List<Entry> batch, long now) {
      if (batches.isEmpty()) {
        firstNanos = now;
      }
      batches.add(batch);
      batch.forEach(entry -> bytes += Form.size(entry));
    }
  }

  private Journal(
      RunKey run,
      boolean automatic,
      JournalSettings settings,
      Consumer<String> notice,
      Opening opening,
      @Nullable Past past,
      Optional<Path> others) {
    this.run = run;
    this.automatic = automatic;
    this.settings = settings;
    this.notice = notice;
    this.opening = opening;
    this.past = past;
    this.others = others;
    this.anything = past != null && past.items() > 0;
    thread.setDaemon(true);
  }

  /**
   * The journal of a new run, on disk from now on.
   *
   * @param input the input as it was written
   * @throws JournalException when the folder holds a journal, is in use, or cannot be written
   */
  public static Journal create(Path folder, JobSpec job, String input, JournalSettings settings)
      throws JournalException {
    return create(folder, job, input, settings, Disk.files());
  }

  static Journal create(Path folder, JobSpec job, String input, JournalSettings settings, Disk disk)
      throws JournalException {
    RunKey run = RunKey.random();
    Head head = Head.of(run.run(), job, input, false);
    Journal journal =
        new Journal(
            run,
            false,
            settings,
            line -> {},
            () -> openNew(folder, disk, head, begun(run)),
            null,
            Optional.empty());
    return journal.openNow(folder);
  }

  /**
   * The journal of a new run, on disk when the run lasts or has much to keep.
   *
   * @param notice told where it is when it is on disk, or why it cannot be
   */
  public static Journal later(
      Path folders, JobSpec job, String input, JournalSettings settings, Consumer<String> notice) {
    return later(folders, job, input, settings, notice, Disk.files());
  }

  static Journal later(
      Path folders,
      JobSpec job,
      String input,
      JournalSettings settings,
      Consumer<String> notice,
      Disk disk) {
    RunKey run = RunKey.random();
    Head head = Head.of(run.run(), job, input, true);
    Journal journal =
        new Journal(
            run,
            true,
            settings,
            notice,
            () -> openNew(folders.resolve(run.run()), disk, head, begun(run)),
            null,
            Optional.of(folders));
    journal.thread.start();
    return journal;
  }

  /**
   * The journal of a run that another process began, led by this one from now on: its epoch is
   * raised, on disk.
   *
   * @param notice told when the run goes on without it
   * @throws JournalException when it is of another job, damaged, in use, or cannot be written
   */
  public static Journal resume(
      Path folder, JobSpec job, String input, JournalSettings settings, Consumer<String> notice)
      throws JournalException {
    return resume(folder, job, input, settings, notice, Disk.files());
  }

  static Journal resume(
      Path folder,
      JobSpec job,
      String input,
      JournalSettings settings,
      Consumer<String> notice,
      Disk disk)
      throws JournalException {
    if (!Files.isRegularFile(JournalFolder.file(folder))) {
      throw nothingToResume(folder);
    }
    try {
      JournalFolder locked = JournalFolder.lock(folder);
      boolean resumed = false;
      try {
        Journal journal = goOn(locked, job, input, settings, notice, disk);
        journal.openNow(folder);
        resumed = true;
        return journal;
      } finally {
        if (!resumed) {
          locked.close();
        }
      }
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static Journal goOn(
      JournalFolder locked,
      JobSpec job,
      String input,
      JournalSettings settings,
      Consumer<String> notice,
      Disk disk)
      throws IOException {
    try (JournalReader reader =
        JournalReader.open(locked.folder()).orElseThrow(() -> nothingToResume(locked.folder()))) {
      Head head = reader.head();
      Optional<String> difference = head.difference(Head.of(head.run(), job, input, false));
      if (difference.isPresent()) {
        throw new JournalException(
            "the journal "
                + locked.folder()
                + " is of another job: "
                + difference.get()
                + "; give that job, or another folder");
      }
      int epoch = 0;
      boolean finished = false;
      long items = 0;
      for (Optional<List<Entry>> group = reader.next(); group.isPresent(); group = reader.next()) {
        for (Entry entry : group.get()) {
          if (entry instanceof Entry.Begun begun) {
            epoch = Math.max(epoch, begun.epoch());
          } else if (entry instanceof Entry.Accepted accepted) {
            items += accepted.interval().size();
          } else if (entry instanceof Entry.Failed) {
            items++;
          } else {
            finished |= entry instanceof Entry.Finished;
          }
        }
      }
      long end = reader.end();
      RunKey run = new RunKey(head.run(), epoch + 1);
      return new Journal(
          run,
          head.automatic(),
          settings,
          notice,
          () -> JournalWriter.goOn(locked, disk, end, begun(run)),
          new Past(locked.folder(), finished, items),
          Optional.empty());
    }
  }

  @Override
  public RunKey run() {
    return run;
  }

  /** Whether nothing remained to be done when it was opened. */
  public boolean finished() {
    return past != null && past.finished();
  }

  /** How many items it held when it was opened, counted or failed. */
  public long resumed() {
    return past == null ? 0 : past.items();
  }

  /** The folder, once the journal is on disk. */
  public Optional<Path> folder() {
    JournalWriter open = writer;
    return open == null ? Optional.empty() : Optional.of(open.folder().folder());
  }

  @Override
  public CompletionStage<Void> keep(List<Entry> entries) {
    lock.lock();
    try {
      if (broken != null) {
        return automatic
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.failedFuture(broken);
      }
      if (!entries.isEmpty()) {
        anything = true;
        next.add(List.copyOf(entries), System.nanoTime());
        changed.signalAll();
      }
      if (writer == null) {
        return CompletableFuture.completedFuture(null);
      }
      return next.batches.isEmpty() ? written.done : next.done;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void replay(Replay replay) throws IOException {
    if (past == null) {
      return;
    }
    try (JournalReader reader =
        JournalReader.open(past.folder()).orElseThrow(() -> nothingToResume(past.folder()))) {
      for (Optional<List<Entry>> group = reader.next(); group.isPresent(); group = reader.next()) {
        for (Entry entry : group.get()) {
          if (entry instanceof Entry.Accepted accepted) {
            replay.accepted(accepted);
          } else if (entry instanceof Entry.Failed failed) {
            replay.failed(failed);
          }
        }
      }
    }
  }

  /**
   * Ends it. What was kept stays on disk when something remains to be done; then it is written now
   * if it was not before. When nothing remains, a journal that was asked for stays, and another
   * goes.
   *
   * @param finished how the run ended; empty when something remains
   * @param patience how long to wait for the disk
   * @return the folder to resume from, or where the finished journal is
   */
  public Optional<Path> end(Optional<String> finished, Duration patience) {
    lock.lock();
    try {
      if (end == End.NOT_YET) {
        boolean worthIt = finished.isPresent() ? !automatic : anything || past != null;
        finished.ifPresent(
            status -> next.add(List.of(new Entry.Finished(status)), System.nanoTime()));
        end = worthIt ? End.KEEP : End.DISCARD;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Math.max(1, patience.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return end == End.KEEP ? folder() : Optional.empty();
  }

  // ---- the journal's own thread

  private void work() {
    boolean swept = false;
    for (Group group = take(); group != null; group = take()) {
      commit(group);
      if (!swept && end == End.NOT_YET) {
        swept = true; // at the end there is no time for it
        others.ifPresent(
            folders -> Journals.sweep(folders, Instant.now().minus(settings.keepFor())));
      }
    }
    try {
      close();
    } catch (IOException e) {
      notice.accept("the journal could not be closed: " + why(e));
    }
  }

  /** Waits for what is to be committed now; null when nothing will be any more. */
  private @Nullable Group take() {
    lock.lock();
    try {
      while (true) {
        if (end == End.DISCARD || (end == End.KEEP && next.batches.isEmpty())) {
          return null;
        }
        long wait = next.batches.isEmpty() ? Long.MAX_VALUE : untilDue(System.nanoTime());
        if (end == End.KEEP || wait <= 0) {
          written = next;
          next = new Group();
          return written;
        }
        changed.awaitNanos(wait);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted by nobody", e);
    } finally {
      lock.unlock();
    }
  }

  private long untilDue(long now) {
    if (writer == null) {
      return next.bytes > settings.bufferBytes()
          ? 0
          : begunNanos + settings.after().toNanos() - now;
    }
    return next.bytes >= GROUP_BYTES
        ? 0
        : next.firstNanos + settings.commitInterval().toNanos() - now;
  }

  private void commit(Group group) {
    try {
      JournalWriter open = writer;
      if (open == null && !isBroken()) {
        open = opening.open();
        writer = open;
        if (end == End.NOT_YET) {
          notice.accept("what this run counts is kept in " + open.folder().folder());
        }
      }
      if (open != null && !isBroken()) {
        write(open, group);
      }
      group.done.complete(null);
    } catch (IOException | RuntimeException e) {
      giveUp(group, e);
    }
  }

  /** A large group in parts, each committed by itself: only the last of a file may be torn. */
  private static void write(JournalWriter open, Group group) throws IOException {
    List<Entry> part = new ArrayList<>();
    long bytes = 0;
    for (List<Entry> batch : group.batches) {
      part.addAll(batch);
      bytes += batch.stream().mapToLong(Form::size).sum();
      if (bytes >= GROUP_BYTES) {
        open.append(part);
        part.clear();
        bytes = 0;
      }
    }
    if (!part.isEmpty()) {
      open.append(part);
    }
  }

  private void giveUp(Group group, Exception e) {
    JournalWriter open = writer;
    String where = open == null ? "its folder" : open.folder().folder().toString();
    JournalException told =
        new JournalException(
            "the journal cannot be written to "
                + where
                + ": "
                + why(e)
                + "; "
                + (automatic
                    ? "the run goes on without it"
                    : "make room there and go on with --resume"),
            e);
    lock.lock();
    try {
      broken = told;
    } finally {
      lock.unlock();
    }
    if (automatic) {
      notice.accept(String.valueOf(told.getMessage()));
      group.done.complete(null);
    } else {
      group.done.completeExceptionally(told);
    }
  }

  private boolean isBroken() {
    lock.lock();
    try {
      return broken != null;
    } finally {
      lock.unlock();
    }
  }

  private void close() throws IOException {
    JournalWriter open = writer;
    if (open == null) {
      return;
    }
    try (open) {
      if (end == End.DISCARD) {
        open.folder().delete();
      }
    }
  }

  // ---- opening

  private Journal openNow(Path folder) throws JournalException {
    try {
      writer = opening.open();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
    thread.start();
    return this;
  }

  private static JournalWriter openNew(Path folder, Disk disk, Head head, Entry.Begun begun)
      throws IOException {
    JournalFolder locked = JournalFolder.lock(folder);
    boolean opened = false;
    try {
      // One that was torn in its head was never begun.
      if (holdsAJournal(locked)) {
        throw new JournalException(
            "--journal " + folder + " holds a journal; add --resume, or give another folder");
      }
      JournalWriter writer = JournalWriter.create(locked, disk, head, begun);
      opened = true;
      return writer;
    } finally {
      if (!opened) {
        locked.close();
      }
    }
  }

  private static boolean holdsAJournal(JournalFolder locked) throws IOException {
    if (!Files.exists(locked.file())) {
      return false;
    }
    Optional<JournalReader> reader = JournalReader.open(locked.folder());
    if (reader.isPresent()) {
      reader.get().close();
    }
    return reader.isPresent();
  }

  private static Entry.Begun begun(RunKey run) {
    return new Entry.Begun(run.epoch(), ProcessHandle.current().pid(), System.currentTimeMillis());
  }

  private static JournalException nothingToResume(Path folder) {
    return new JournalException(
        "there is no journal in " + folder + " to resume; run the job without --resume");
  }

  private static JournalException unusable(Path folder, IOException e) {
    return e instanceof JournalException told
        ? told
        : new JournalException(
            "the journal " + folder + " cannot be used: " + why(e) + "; give another folder", e);
  }

  private static String why(Exception e) {
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
