package io.divvy.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalOptionsTest {
  private static final Path FOLDER = Path.of("/home/o'hara/runs/00ff");

  @Test
  void theCommandToGoOnHasAllThatWasGivenAndEachOptionOnce() {
    assertThat(
            JournalOptions.command(
                List.of("run", "power", "-5..5", "exponent=3", "--output", "my file"), FOLDER))
        .isEqualTo(
            "divvy run power -5..5 exponent=3 --output 'my file' --resume --journal"
                + " '/home/o'\\''hara/runs/00ff'");
    assertThat(
            JournalOptions.command(
                List.of("run", "--journal", "j", "sum", "0..9", "--resume", "-v"), FOLDER))
        .startsWith("divvy run sum 0..9 -v --resume --journal ");
    assertThat(JournalOptions.command(List.of("run", "--journal=j", "sum", "0..9"), FOLDER))
        .startsWith("divvy run sum 0..9 --resume --journal ");
  }
}
