package io.divvy.node.hardware;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import oshi.software.os.OSProcess;

/**
 * How much memory processes use together. On Linux their proportional set size (PSS), in which a
 * page that several share counts once; where that is not told, the resident set size.
 *
 * <p>The kernel walks the pages of a process to tell its PSS: 1.5 ms of a core for a small JVM, 14
 * ms for each GB.
 */
public final class Memory {
  private static final int KIB = 1024;

  private final Path proc;

  /** Of the processes of this machine. */
  public Memory() {
    this(Path.of("/proc"));
  }

  Memory(Path proc) {
    this.proc = proc;
  }

  /** The sum in bytes; a process that is gone counts nothing; -1 when nothing can be told. */
  public long bytes(Collection<Long> pids) {
    boolean linux = Files.isDirectory(proc);
    List<Long> told =
        pids.stream()
            .map(pid -> linux ? ofLinux(pid) : Elsewhere.residentBytes(pid))
            .flatMapToLong(OptionalLong::stream)
            .boxed()
            .toList();
    return told.isEmpty() ? -1 : told.stream().mapToLong(Long::longValue).sum();
  }

  private OptionalLong ofLinux(long pid) {
    Path process = proc.resolve(Long.toString(pid));
    OptionalLong proportional = kibibytes(process.resolve("smaps_rollup"), "Pss:");
    return proportional.isPresent() ? proportional : kibibytes(process.resolve("status"), "VmRSS:");
  }

  private static OptionalLong kibibytes(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(key.length()).replace("kB", "").strip())
          .mapToLong(number -> Long.parseLong(number) * KIB)
          .findFirst();
    } catch (IOException | UncheckedIOException | NumberFormatException e) {
      return OptionalLong.empty(); // it is gone, or belongs to somebody else
    }
  }

  /** Loaded only where there is no {@code /proc}. */
  static final class Elsewhere {

    private Elsewhere() {}

    static OptionalLong residentBytes(long pid) {
      try {
        OSProcess process = Oshi.start().getOperatingSystem().getProcess(Math.toIntExact(pid));
        return process == null
            ? OptionalLong.empty()
            : OptionalLong.of(process.getResidentMemory());
      } catch (RuntimeException | LinkageError e) {
        return OptionalLong.empty();
      }
    }
  }
}
