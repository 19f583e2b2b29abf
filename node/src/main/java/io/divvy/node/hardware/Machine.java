package io.divvy.node.hardware;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import oshi.hardware.HardwareAbstractionLayer;

/**
 * This machine, for people and reports.
 *
 * @param model the processor's name, or {@code unknown}
 * @param architecture the processor's architecture as Java names it
 * @param physicalCores empty: unknown
 * @param logicalProcessors hardware threads; empty: unknown
 * @param limits what the container leaves to this process
 * @param usableCores how many workers fit: the figure that Divvy uses
 * @param reason why that figure, in words
 * @param memoryBytes empty: unknown
 * @param availableMemoryBytes what programs may still take; empty: unknown
 * @param problem why something is unknown; empty: nothing is
 */
public record Machine(
    String model,
    String architecture,
    OptionalInt physicalCores,
    OptionalInt logicalProcessors,
    ContainerLimits limits,
    int usableCores,
    String reason,
    OptionalLong memoryBytes,
    OptionalLong availableMemoryBytes,
    Optional<String> problem) {

  /** Looks at the machine; takes a good part of a second. */
  public static Machine read() {
    return read(Machine::hardware);
  }

  /** Asks the library, which may fail in its native parts: then the rest is told all the same. */
  static Machine read(Supplier<Hardware> library) {
    Hardware hardware;
    Optional<String> problem = Optional.empty();
    try {
      hardware = library.get();
    } catch (RuntimeException | LinkageError e) {
      hardware = Hardware.UNKNOWN;
      problem = Optional.of("the hardware cannot be read: " + e);
    }
    ContainerLimits limits = ContainerLimits.read();
    int usable = Cores.usable();
    return new Machine(
        hardware.model(),
        System.getProperty("os.arch", "unknown"),
        hardware.physicalCores(),
        hardware.logicalProcessors(),
        limits,
        usable,
        reason(usable, hardware.logicalProcessors(), limits),
        hardware.memoryBytes(),
        hardware.availableMemoryBytes(),
        problem);
  }

  /** What the library tells. */
  record Hardware(
      String model,
      OptionalInt physicalCores,
      OptionalInt logicalProcessors,
      OptionalLong memoryBytes,
      OptionalLong availableMemoryBytes) {
    static final Hardware UNKNOWN =
        new Hardware(
            "unknown",
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
  }

  private static Hardware hardware() {
    HardwareAbstractionLayer hardware = Oshi.start().getHardware();
    String model = hardware.getProcessor().getProcessorIdentifier().getName().strip();
    return new Hardware(
        model.isEmpty() ? "unknown" : model,
        known(hardware.getProcessor().getPhysicalProcessorCount()),
        known(hardware.getProcessor().getLogicalProcessorCount()),
        known(hardware.getMemory().getTotal()),
        known(hardware.getMemory().getAvailable()));
  }

  private static OptionalInt known(int count) {
    return count > 0 ? OptionalInt.of(count) : OptionalInt.empty();
  }

  private static OptionalLong known(long bytes) {
    return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
  }

  static String reason(int usable, OptionalInt logical, ContainerLimits limits) {
    // Java rounds a share of a core up.
    if (limits.cores().isPresent() && Math.ceil(limits.cores().getAsDouble()) == usable) {
      return "the container is limited to " + plain(limits.cores().getAsDouble()) + " cores";
    }
    if (logical.isEmpty()) {
      return "Java counts so many processors";
    }
    if (usable == logical.getAsInt()) {
      return limits.cores().isEmpty()
          ? "all logical processors, no limit"
          : "all logical processors, fewer than the container's limit of "
              + plain(limits.cores().getAsDouble());
    }
    return "Java may use "
        + usable
        + " of "
        + logical.getAsInt()
        + " logical processors (bound to some by the system, or told by -XX:ActiveProcessorCount)";
  }

  private static String plain(double cores) {
    return cores == Math.rint(cores) ? Long.toString((long) cores) : Double.toString(cores);
  }
}
