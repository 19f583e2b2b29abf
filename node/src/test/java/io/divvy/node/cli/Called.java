package io.divvy.node.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What came of calling the program in this JVM. */
record Called(int exitCode, String out, String err) {

  static Called with(Engine engine, String... words) {
    return with(Map.of(), engine, words);
  }

  static Called with(Map<String, String> environment, Engine engine, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        new CommandLineProgram(engine, environment).run(words, out, err, System.nanoTime());
    return new Called(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  List<String> errLines() {
    return err.lines().toList();
  }
}
