package io.divvy.node;

import io.divvy.node.boot.PekkoDefaults;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program as the build packaged it, started as quickly as the launcher starts it: with an
 * archive of its classes and with Pekko's defaults in one file. Both are made once for all tests;
 * they halve the time that tests with real JVMs take.
 */
final class Installed {

  /** As the launcher has them. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "-XX:InitialRAMPercentage=0.25",
          "-XX:Tier3InvocationThreshold=1000",
          "-XX:Tier3MinInvocationThreshold=500",
          "-XX:Tier3CompileThreshold=10000",
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=6000",
          "-XX:Tier4CompileThreshold=150000",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:AsyncDeflationInterval=10000");

  private static final String DEFAULTS = PekkoDefaults.class.getName();

  private static final List<String> JAVA = make();

  private Installed() {}

  /** Java, its flags and the class path; further flags go before {@link Main}'s name. */
  static List<String> java() {
    return JAVA;
  }

  private static List<String> make() {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(FLAGS);
    Path target = Path.of(System.getProperty("basedir", "")).resolve("target").toAbsolutePath();
    try {
      if (jars(target).isEmpty() || jars(target.resolve("lib")).isEmpty()) {
        return joined(java, "-cp", ownClassPath());
      }
      String classPath =
          Stream.of(jars(target), jars(target.resolve("lib")))
              .flatMap(List::stream)
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
      Path folder = Files.createDirectories(target.resolve("it"));
      Path defaults = folder.resolve("defaults.json");
      run(folder, joined(java, "-cp", classPath, DEFAULTS, defaults.toString()));
      java.add("-Ddivvy.defaults=" + defaults);
      Path archive = folder.resolve("classes.jsa");
      Files.deleteIfExists(archive);
      List<String> training = joined(java, "-XX:ArchiveClassesAtExit=" + archive, "-cp", classPath);
      run(
          folder,
          joined(training, Main.class.getName(), "run", "sum", "0..9", "--model", "processes"));
      return joined(java, "-XX:SharedArchiveFile=" + archive, "-cp", classPath);
    } catch (IOException e) {
      throw new IllegalStateException("the program cannot be installed for tests", e);
    }
  }

  private static List<Path> jars(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Surefire keeps the real class path apart when it starts from a jar that only refers to it. */
  private static String ownClassPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static List<String> joined(List<String> words, String... more) {
    return Stream.concat(words.stream(), Stream.of(more)).toList();
  }

  private static void run(Path folder, List<String> command) throws IOException {
    Path said = folder.resolve("said");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(said.toFile());
    builder.environment().put("DIVVY_HOME", folder.resolve("home").toString());
    Process process = builder.start();
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ": " + Files.readString(said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
