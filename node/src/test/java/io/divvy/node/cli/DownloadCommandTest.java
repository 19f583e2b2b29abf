package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownloadCommandTest {

  private final FakeEngine engine = new FakeEngine();

  private final Path folder;

  DownloadCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void makeLists() throws IOException {
    Files.writeString(folder.resolve("list"), "http://127.0.0.1:1/a\n");
    Files.writeString(folder.resolve("empty"), "");
    Files.writeString(folder.resolve("comments"), "# nothing\n\n   \n#\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--to @/dir                            | no list of URLs; give a file, or - for stdin",
        "@/list                                | no folder; say where the files go with --to DIR",
        "@/none --to @/dir                     | the list '@/none' does not exist",
        "@ --to @/dir                          | the list '@' is a folder",
        "@/empty --to @/dir                    | the list @/empty has no URL; give a file with",
        "@/comments --to @/dir                 | the list @/comments has no URL; give a file with",
        "@/list --to @/empty                   | --to @/empty is a file; give a folder",
        "@/list --to @/empty/dir               | --to @/empty/dir cannot be written",
        "@/list @/list --to @/dir              | one word too many",
        "@/list --to @/dir --retry-failed --force | --retry-failed and --force contradict",
        "@/list --to @/dir --delay -1          | --delay is '-1'; give seconds such as 0.5",
        "@/list --to @/dir --delay soon        | --delay is 'soon'; give seconds such as 0.5",
        "@/list --to @/dir --max-time 0        | --max-time is '0'; give seconds",
        "@/list --to @/dir --stall-timeout 0   | --stall-timeout is '0'; give seconds",
        "@/list --to @/dir --limit-rate fast   | --limit-rate is 'fast'; give a number of bytes",
        "@/list --to @/dir --limit-rate 0      | --limit-rate is '0'; give a number of bytes",
        "@/list --to @/dir --max-filesize 9q   | --max-filesize is '9q'; give a number of bytes",
        "@/list --to @/dir --rate 0            | --rate is '0'; give requests a second, more than",
        "@/list --to @/dir --rate NaN          | --rate is 'NaN'; give requests a second",
        "@/list --to @/dir --connections 0     | --connections is '0'; give a whole number of",
        "@/list --to @/dir --connections 9999  | --connections is '9999'; give a whole number",
        "@/list --to @/dir --per-host many     | --per-host is 'many'; give a whole number",
        "@/list --to @/dir --retries -1        | --retries is '-1'; give a whole number",
        "@/list --to @/dir --halt 5%           | --halt is '5%'; a list is read while its files",
        "@/list --to @/dir --halt soon         | --halt is 'soon'; give never, first, a number",
        "@/list --to @/dir --header Accept     | --header: 'Accept' is no header; write NAME: VALUE",
        "@/list --to @/dir --header Host:x     | --header: the header Host cannot be given",
        "@/list --to @/dir --ca @/none         | --ca @/none cannot be read; give a file in PEM",
        "@/list --to @/dir --ca @/list         | --ca @/list has something else than certificates",
        "@/list --to @/dir --ca @/empty        | --ca @/empty has no certificates; give a file in",
        "@/list --to @/dir --name {nmae}       | --name '{nmae}': unknown place 'nmae'",
        "@/list --to @/dir --manifest @        | --manifest @ is a folder; give a file",
        "@/list --to @/dir --manifest @/no/m   | --manifest @/no/m: there is no folder @/no",
        "@/list --to @/dir --model magic       | unknown model 'magic'",
        "@/list --to @/dir --join h --model threads | --join is for --model cluster, but --model",
        "@/list --to @/dir -q -v               | contradict",
        "@/list --to @/dir --conections 3      | did you mean '--connections'",
      })
  void wrongUsageIsOneLineThatSaysWhatIsAllowedAndMakesNothing(String words, String said)
      throws IOException {
    Called called = call(words);

    assertThat(called.errLines()).hasSize(1);
    assertThat(called.err()).startsWith("divvy: ").contains(inFolder(said));
    assertThat(called.out()).isEmpty();
    assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(engine.story).isEmpty();
    assertThat(folder.resolve("dir")).doesNotExist();
  }

  @Test
  void aUserAgentMayNotAddHeaders() {
    Called called = callWith("--user-agent", "me\r\nX-Evil: 1");

    assertThat(called.errLines()).hasSize(1);
    assertThat(called.err()).contains("--user-agent");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
  }

  private Called callWith(String... options) {
    String[] words = {
      "run", "download", inFolder("@/list"), "--to", inFolder("@/dir"), options[0], options[1]
    };
    return Called.with(engine, words);
  }

  private Called call(String words) {
    return Called.with(
        engine,
        List.of(("run download " + words).split(" ")).stream()
            .map(this::inFolder)
            .toArray(String[]::new));
  }

  private String inFolder(String text) {
    return text.replace("@", folder.toString());
  }
}
