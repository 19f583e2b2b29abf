package io.divvy.node.launch;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This program in a process of its own: the same Java, its flags, and the class path. */
public final class SameProgram {
  private static final String MAIN = "io.divvy.node.Main";
  private static final Path SHELL = Path.of("/bin/sh");

  private SameProgram() {}

  /**
   * The program with these words, not started. Of Ctrl-C, which reaches every process of a
   * terminal, it hears only from whoever started it.
   */
  public static ProcessBuilder with(List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SHELL)) {
      command.addAll(List.of(SHELL.toString(), "-c", "trap '' INT HUP; exec \"$@\"", "divvy"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }
}
