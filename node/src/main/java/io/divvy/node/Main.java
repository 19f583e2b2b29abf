package io.divvy.node;

import io.divvy.node.cli.CommandLineProgram;
import io.divvy.node.cli.Ending;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/** Where the program begins. */
public final class Main {

  private Main() {}

  /** Does what the words say and ends the JVM with the exit code of that. */
  public static void main(String[] words) {
    long started = System.nanoTime();
    // Not System.out: it would hide that nobody reads, or that a disk is full.
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    Ending.with(
        new CommandLineProgram(new Program(), System.getenv()).run(words, out, err, started));
  }
}
