package io.divvy.node.report;

import io.divvy.node.hardware.Machine;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a machine has, as {@code cpu} and the JSON of {@code compare} tell it. */
public final class MachineReport {

  private MachineReport() {}

  /** For people. */
  public static List<String> lines(Machine machine) {
    Table table =
        new Table("ll")
            .row("processor", machine.model() + " (" + machine.architecture() + ")")
            .row("physical cores", text(machine.physicalCores()))
            .row("logical processors", text(machine.logicalProcessors()))
            .row("container limit", limit(machine.limits().cores()))
            .row("memory", memory(machine))
            .row("used by Divvy", Figures.counted(machine.usableCores(), "core"))
            .row("because", machine.reason());
    machine.problem().ifPresent(problem -> table.row("unknown in part", problem));
    return table.lines();
  }

  /** For programs. */
  public static Json json(Machine machine) {
    OptionalDouble limit = machine.limits().cores();
    return new Json()
        .put("model", machine.model())
        .put("architecture", machine.architecture())
        .put("physicalCores", number(machine.physicalCores()))
        .put("logicalProcessors", number(machine.logicalProcessors()))
        .put("containerCores", limit.isPresent() ? limit.getAsDouble() : null)
        .put("usableCores", machine.usableCores())
        .put("reason", machine.reason())
        .bytes("memoryBytes", machine.memoryBytes().orElse(-1))
        .bytes("availableMemoryBytes", machine.availableMemoryBytes().orElse(-1))
        .bytes("containerMemoryBytes", machine.limits().memoryBytes().orElse(-1))
        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
  }

  private static @Nullable Integer number(OptionalInt count) {
    return count.isPresent() ? count.getAsInt() : null;
  }

  private static String text(OptionalInt count) {
    return count.isPresent() ? Integer.toString(count.getAsInt()) : "unknown";
  }

  private static String limit(OptionalDouble cores) {
    return cores.isPresent()
        ? "time of " + Figures.decimal(cores.getAsDouble(), 2) + " cores"
        : "none";
  }

  private static String memory(Machine machine) {
    OptionalLong total = machine.memoryBytes();
    if (total.isEmpty()) {
      return "unknown";
    }
    String text = Figures.megabytes(total.getAsLong());
    if (machine.availableMemoryBytes().isPresent()) {
      text += ", " + Figures.megabytes(machine.availableMemoryBytes().getAsLong()) + " available";
    }
    return machine.limits().memoryBytes().isPresent()
        ? text
            + ", container limit "
            + Figures.megabytes(machine.limits().memoryBytes().getAsLong())
        : text;
  }
}
