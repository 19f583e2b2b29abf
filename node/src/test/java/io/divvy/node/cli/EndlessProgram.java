package io.divvy.node.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.Map;

/** The program, with an engine whose runs do not end by themselves. */
final class EndlessProgram {

  private EndlessProgram() {}

  public static void main(String[] words) {
    FakeEngine engine = new FakeEngine();
    engine.endless = true;
    Ending.with(
        new CommandLineProgram(engine, Map.of())
            .run(
                words,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.nanoTime()));
  }
}
