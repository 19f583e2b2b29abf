package io.divvy.node.download.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.download.list.Line.Bad;
import io.divvy.node.download.list.Line.Duplicate;
import io.divvy.node.download.list.Line.Wanted;
import io.divvy.node.input.UsageException;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlListTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  @Test
  void linesAreItemsAndTheRestSaysNothing() throws Exception {
    assertThat(read("\uFEFFhttp://h/a\r\n\r\n  \n# a comment\n\thttp://h/b  \nhttp://h/c"))
        .containsExactly(wanted(0, 1, "a"), wanted(1, 5, "b"), wanted(2, 6, "c"));
  }

  @Test
  void fieldsFollowTheUrl() throws Exception {
    assertThat(read("http://h/a \t out=b.jpg  sha256=" + HASH.toUpperCase(Locale.ROOT)))
        .containsExactly(
            new Wanted(0, 1, URI.create("http://h/a"), Optional.of("b.jpg"), Optional.of(HASH)));
    assertThat(read("http://h/a out=\"two words\" sha256=" + HASH))
        .containsExactly(
            new Wanted(
                0, 1, URI.create("http://h/a"), Optional.of("two words"), Optional.of(HASH)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h/a|write http:// or https:// in front",
        "ftp://h/a|scheme 'ftp'",
        "http://h/a b.txt|unknown field 'b.txt'",
        "http://h/a name=x|unknown field 'name=x'; allowed are out=NAME and sha256=HEX",
        "http://h/a out=|out= has no name",
        "http://h/a out=x out=y|the line has out twice",
        "http://h/a sha256=12|it takes 64 hexadecimal digits",
        "http://me@h/a|user name",
      })
  void aBadLineIsAFailedItemWithItsNumber(String line, String why) throws Exception {
    List<Line> lines = read("http://h/first\n" + line + "\nhttp://h/last");

    assertThat(lines).hasSize(3).contains(wanted(0, 1, "first"), wanted(2, 3, "last"));
    assertThat(lines.get(1))
        .isInstanceOfSatisfying(
            Bad.class,
            bad -> {
              assertThat(bad).isEqualTo(new Bad(1, 2, line, bad.why()));
              assertThat(bad.why()).contains(why);
            });
  }

  @Test
  void whatIsNoTextOrHasNoEndIsOneBadLine() throws Exception {
    byte[] latin = "http://h/\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(read(new ByteArrayInputStream(latin)))
        .singleElement()
        .isInstanceOfSatisfying(Bad.class, bad -> assertThat(bad.why()).contains("UTF-8"));
    assertThat(read("http://h/" + "a".repeat(10_000_000) + "\nhttp://h/b"))
        .satisfiesExactly(
            bad -> assertThat(((Bad) bad).why()).contains("more than 65536 bytes"),
            next -> assertThat(next).isEqualTo(wanted(1, 2, "b")));
  }

  @Test
  void aBadLineIsShownShortAndHarmless() throws Exception {
    Bad bad = (Bad) read("\u001b[2Jx\u202e" + "y".repeat(1000)).get(0);

    assertThat(bad.text()).hasSize(200).startsWith("?[2Jx?y");
  }

  @Test
  void theSameTwiceIsFetchedOnce() throws Exception {
    assertThat(read("http://h/a\nbad\nHTTP://H:80/a#x\nhttp://h/a out=b\nhttp://h/a out=b"))
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo(wanted(0, 1, "a")),
            bad -> assertThat(bad).isInstanceOf(Bad.class),
            again -> assertThat(again).isEqualTo(new Duplicate(3, URI.create("http://h/a"), 0)),
            renamed -> assertThat(((Wanted) renamed).index()).isEqualTo(2),
            again -> assertThat(again).isEqualTo(new Duplicate(5, URI.create("http://h/a"), 2)));
  }

  @Test
  void theFirstLineIsThereBeforeTheSecondIsWritten() throws Exception {
    try (PipedOutputStream writer = new PipedOutputStream();
        UrlList list = new UrlList(new PipedInputStream(writer, 1 << 12))) {
      writer.write("http://h/a\n".getBytes(StandardCharsets.UTF_8));
      writer.flush();

      assertThat(list.next()).contains(wanted(0, 1, "a"));
    }
  }

  @Test
  void aMillionLinesAreReadInPassing(@TempDir Path folder) throws Exception {
    int count = 1_000_000;
    Path file = folder.resolve("list");
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (int i = 0; i < count; i++) {
        writer.write("http://host/" + i + "\n");
      }
    }
    try (UrlList list = UrlList.open(file.toString(), InputStream.nullInputStream())) {
      long lines = 0;
      while (list.next().isPresent()) {
        lines++; // Each line is forgotten once it was read.
      }
      assertThat(lines).isEqualTo(count);
    }
  }

  @Test
  void whoLooksWhetherThereIsAnythingMissesNothing() throws Exception {
    byte[] text = "# first\nhttp://h/a\nhttp://h/b\n".getBytes(StandardCharsets.UTF_8);
    try (UrlList list = new UrlList(new ByteArrayInputStream(text));
        UrlList nothing = new UrlList(new ByteArrayInputStream(new byte[] {'#', '\n', '\n'}))) {
      assertThat(list.isEmpty()).isFalse();
      assertThat(list.isEmpty()).isFalse();
      assertThat(list.next()).contains(wanted(0, 2, "a"));
      assertThat(list.next()).contains(wanted(1, 3, "b"));
      assertThat(list.next()).isEmpty();
      assertThat(list.isEmpty()).isFalse();
      assertThat(nothing.isEmpty()).isTrue();
    }
  }

  @Test
  void aListThatIsNotThereIsOneLine(@TempDir Path folder) throws Exception {
    Path list = Files.writeString(folder.resolve("list"), "http://h/a\n");
    try (UrlList opened = UrlList.open(list.toString(), InputStream.nullInputStream())) {
      assertThat(opened.next()).contains(wanted(0, 1, "a"));
    }
    for (String name : List.of(folder.resolve("no").toString(), folder.toString(), "a\0b")) {
      assertThatThrownBy(() -> UrlList.open(name, InputStream.nullInputStream()))
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith("the list '" + name + "' ");
    }
  }

  private static Wanted wanted(long index, int line, String path) {
    return new Wanted(
        index, line, URI.create("http://h/" + path), Optional.empty(), Optional.empty());
  }

  private static List<Line> read(String text) throws IOException {
    return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Line> read(InputStream input) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (UrlList list = new UrlList(input)) {
      for (Optional<Line> line = list.next(); line.isPresent(); line = list.next()) {
        lines.add(line.get());
      }
    }
    return lines;
  }
}
