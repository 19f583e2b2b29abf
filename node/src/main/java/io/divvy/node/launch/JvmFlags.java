package io.divvy.node.launch;

import java.util.List;
import java.util.stream.Stream;

/** Which of this JVM's flags its children get too: those that say how it runs, not how much. */
final class JvmFlags {
  private static final List<String> KEPT =
      List.of(
          "-XX:+Use",
          "-XX:-Use",
          "-XX:SharedArchiveFile=",
          "-XX:AOTCache=",
          "-XX:Tier",
          "-XX:ActiveProcessorCount=",
          "-XX:InitialRAMPercentage=",
          "-XX:PerfDataSamplingInterval=",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:AsyncDeflationInterval=",
          "-XX:GuaranteedSafepointInterval=",
          "-XX:CICompilerCount=",
          "-Xshare:",
          "-Xss",
          "--sun-misc-unsafe-memory-access=",
          "--enable-native-access=",
          "--add-opens=",
          "--add-exports=",
          "-Ddivvy.",
          "-Djava.io.tmpdir=",
          "-Dfile.encoding=",
          "-Duser.");

  private JvmFlags() {}

  /**
   * All flags of a child but for its heap.
   *
   * @param own the flags of this JVM
   */
  static List<String> forChild(List<String> own) {
    return Stream.concat(
            own.stream().filter(flag -> KEPT.stream().anyMatch(flag::startsWith)),
            // An error of memory leaves a JVM that only seems to live.
            Stream.of("-XX:+ExitOnOutOfMemoryError"))
        .distinct()
        .toList();
  }
}
