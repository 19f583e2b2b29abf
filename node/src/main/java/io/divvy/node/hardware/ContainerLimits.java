package io.divvy.node.hardware;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the control groups of Linux, version 1 or 2, leave to this process.
 *
 * @param cores how many cores' worth of time; may be a fraction; empty: no limit
 * @param memoryBytes how much memory; empty: no limit
 */
public record ContainerLimits(OptionalDouble cores, OptionalLong memoryBytes) {
  // Version 1 says "no limit" by a number close to 2^63.
  private static final long NO_MEMORY_LIMIT = 1L << 60;

  /** The limits of this process. */
  public static ContainerLimits read() {
    return read(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
  }

  static ContainerLimits read(Path groups, Path mount) {
    List<String> lines = lines(groups);
    return new ContainerLimits(
        Stream.concat(
                folders(lines, "", mount).map(ContainerLimits::quota),
                folders(lines, "cpu", mount.resolve("cpu")).map(ContainerLimits::oldQuota))
            .flatMap(Optional::stream)
            .mapToDouble(Double::doubleValue)
            .min(),
        Stream.concat(
                folders(lines, "", mount).map(folder -> number(folder.resolve("memory.max"))),
                folders(lines, "memory", mount.resolve("memory"))
                    .map(folder -> number(folder.resolve("memory.limit_in_bytes"))))
            .flatMap(Optional::stream)
            .mapToLong(Long::longValue)
            .filter(bytes -> bytes < NO_MEMORY_LIMIT)
            .min());
  }

  /**
   * The folder of the process's group for {@code controller} and those above it: each may set a
   * limit. Inside a container the group's path may be that of the host, and not exist here; then
   * the mount itself is the group.
   */
  private static Stream<Path> folders(List<String> groups, String controller, Path mount) {
    return groups.stream()
        .map(line -> line.split(":", 3))
        .filter(
            fields ->
                fields.length == 3 && Arrays.asList(fields[1].split(",")).contains(controller))
        .map(fields -> mount.resolve(fields[2].substring(1)).normalize())
        .map(folder -> folder.startsWith(mount) ? folder : mount)
        .flatMap(
            folder -> Stream.iterate(folder, above -> above.startsWith(mount), Path::getParent));
  }

  /** Version 2: "QUOTA PERIOD" in microseconds, or "max PERIOD". */
  private static Optional<Double> quota(Path folder) {
    List<String> lines = lines(folder.resolve("cpu.max"));
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String[] fields = lines.get(0).split(" ", -1);
    return fields.length == 2 ? share(whole(fields[0]), whole(fields[1])) : Optional.empty();
  }

  private static Optional<Double> oldQuota(Path folder) {
    return share(
        number(folder.resolve("cpu.cfs_quota_us")), number(folder.resolve("cpu.cfs_period_us")));
  }

  private static Optional<Double> share(Optional<Long> quota, Optional<Long> period) {
    return quota
        .filter(micros -> micros > 0)
        .flatMap(micros -> period.filter(all -> all > 0).map(all -> (double) micros / all));
  }

  private static Optional<Long> number(Path file) {
    return lines(file).stream().findFirst().flatMap(ContainerLimits::whole);
  }

  private static Optional<Long> whole(String text) {
    try {
      return Optional.of(Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty(); // "max"
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
