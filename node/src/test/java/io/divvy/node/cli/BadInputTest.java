package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest {

  private final FakeEngine engine = new FakeEngine();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run sum 9..1                        | reversed",
        "run sum a..b                        | a..b",
        "run sum 1..                         | no end",
        "run sum                             | needs an INPUT",
        "run                                 | no KIND",
        "run summ 0..9                       | did you mean 'sum'",
        "run sum 0..99999999999999999999999  | 64 bits",
        "run sum 0..9 0..9                   | one word too many",
        "run sum 0..9 --workers 0            | at least 1",
        "run sum 0..9 -j x                   | '--workers' is 'x'",
        "run sum 0..9 --workers              | --workers",
        "run sum 0..9 --workers 99999999999  | at most",
        "run sum 0..9 --workers 1000000      | at most 10000",
        "run sum 0..9 --model processes -j 1000 | at most 64",
        "run sum 0..9 --model processes --nodes 1000 | at most 64",
        "run sum 0..9 --model processes -j 1000000 --nodes 2 | at most 10000",
        "compare sum 0..9 -j 1000            | at most 64",
        "run sum 0..9 --nodes 0              | at least 1",
        "run sum 0..9 --nodes 3 --workers 2  | fewer nodes",
        "run sum 0..9 --model magic          | unknown model 'magic'",
        "run sum 0..9 --model thread         | did you mean 'threads'",
        "run sum 0..9 --chunk 0              | at least 1",
        "run sum 0..9 --chunk -1             | at least 1",
        "run sum 0..9 --retries -1           | at least 0",
        "run sum 0..9 --halt soon            | --halt is 'soon'; give never, first",
        "run sum 0..9 --halt 0               | such as 1%",
        "run sum 0..9 --halt 101%            | such as 1%",
        "run sum 0..9 --item-timeout 0       | at least 1ms",
        "run sum 0..9 --verify 0%            | above 0 and at most 100%",
        "compare sum 0..9 --verify 1%        | unknown option '--verify'",
        "run sum 0..9 --heap much            | 256m",
        "run sum 0..9 --format xml           | lines, jsonl",
        "run sum 0..9 --host 0.0.0.0         | --insecure",
        "run sum 0..9 --host 203.0.113.7 --insecure | no address of this machine",
        "run sum 0..9 -q -v                  | contradict",
        "run sum 0..9 --join 127.0.0.1:no    | port",
        "run sum 0..9 --join h --model threads | leave one of them out",
        "run sum 0..9 --wrokers 3            | did you mean '--workers'",
        "run sum 0..9 --wrokers=3            | did you mean '--workers'",
        "run sum 0..9 --resume --journal no  | there is no journal in no to resume; run the job",
        "run sum 0..9 -x                     | unknown option '-x'",
        "run sum 0..9 --config nowhere.conf  | nowhere.conf",
        "run sum 0..9 n=3                    | no parameters",
        "run power 0..9 exponnent=3          | did you mean 'exponent'",
        "run power 0..9 exponent=x           | exponent",
        "run power 0..9 exponent=1 exponent=2 | twice",
        "compare summ                        | did you mean 'sum'",
        "compare sum 9..1                    | reversed",
        "compare sum 0..9 --models magic     | unknown model",
        "compare sum 0..9 --models ,         | unknown model ''",
        "compare sum 0..9 --models threads,  | unknown model ''",
        "compare sum 0..9 --repeat 0         | at least 1",
        "compare sum 0..9 --output f         | unknown option '--output'",
        "node --port 70000                   | at most 65535",
        "node --workers 0                    | at least 1",
        "node --workers 1000000              | at most 10000",
        "node extra                          | one word too many",
        "node --jion h                       | did you mean '--join'",
        "cpu --jsno                          | did you mean '--json'",
        "rnu sum 0..9                        | did you mean 'run'",
        "--verison                           | did you mean '--version'",
      })
  void wrongUsageIsOneLineThatSaysWhatIsAllowed(String words, String said) {
    Called called = Called.with(engine, words.split(" "));

    assertThat(called.errLines()).hasSize(1);
    assertThat(called.err())
        .startsWith("divvy: ")
        .contains(said.replace("'--workers' is", "--workers is"));
    assertThat(called.out()).isEmpty();
    assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(engine.story).isEmpty();
  }

  @Test
  void noCommandNamesTheFirstOneToTry() {
    Called called = Called.with(engine);

    assertThat(called.err()).contains("divvy compare").contains("--help");
    assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void outputThatCannotBeWrittenIsToldBeforeAnythingStarts(@TempDir Path folder) {
    for (String file : new String[] {folder.toString(), folder + "/no/such/file"}) {
      Called called = Called.with(engine, "run", "sum", "0..9", "--output", file);

      assertThat(called.errLines()).hasSize(1);
      assertThat(called.exitCode()).isEqualTo(ExitCodes.USAGE);
    }
    assertThat(engine.story).isEmpty();
  }
}
