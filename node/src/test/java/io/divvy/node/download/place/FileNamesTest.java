package io.divvy.node.download.place;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "picture.jpg#picture.jpg",
        "a/b\\c#a_b_c",
        "../../etc/passwd#_.._etc_passwd",
        "<a>:\"b\"|c?*#_a___b__c__",
        " . .a. . #a",
        ".divvy#divvy",
        "CON#_CON",
        "nul.tar.gz#_nul.tar.gz",
        "com1 .txt#_com1.txt",
        "con\u00a0.txt#_con.txt",
        "LPT\u00b9#_LPT\u00b9",
        "console.txt#console.txt",
        "-rf#_-rf",
        "a\u0000\u001b[2J\u007f\u0085b#a__[2J__b",
        "gpj.\u202eexe\u2066#gpj._exe_",
        "e\u0301.txt#\u00e9.txt",
        "\u2028x\ud800#_x_",
      })
  void namesAreCleaned(String text, String name) {
    assertThat(FileNames.clean(text)).isEqualTo(name);
  }

  @Test
  void nothingIsLeftOfDotsAndBlanks() {
    assertThat(FileNames.clean("")).isEmpty();
    assertThat(FileNames.clean(". .. \u3000")).isEmpty();
  }

  @Test
  void longNamesKeepTheirExtensionAndTheirCharacters() {
    assertThat(FileNames.clean("😀".repeat(100) + ".tar.gz"))
        .isEqualTo("😀".repeat(48) + ".tar.gz");
    assertThat(FileNames.clean("x".repeat(300))).isEqualTo("x".repeat(200));
  }

  @ParameterizedTest
  @CsvSource({
    "a.jpg,.jpg",
    "a.tar.gz,.tar.gz",
    "a,''",
    ".jpg,''",
    "v1.2,''",
    "a.7z,.7z",
    "a.b.mp4,.mp4",
    "a.notanextension,''",
    "a.tär,''",
  })
  void anExtensionIsShortAndHasALetter(String name, String extension) {
    assertThat(FileNames.extension(name)).isEqualTo(extension);
  }

  @Test
  void whatIsCleanStaysAsItIs() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String name = FileNames.clean(Nasty.text(random));
      assertThat(FileNames.clean(name)).as("seed %d, round %d", seed, i).isEqualTo(name);
      assertThat(name.getBytes(StandardCharsets.UTF_8).length)
          .as("seed %d, round %d", seed, i)
          .isLessThanOrEqualTo(200);
    }
  }
}
