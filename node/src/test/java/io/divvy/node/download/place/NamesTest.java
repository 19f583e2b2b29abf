package io.divvy.node.download.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.download.list.Line.Wanted;
import io.divvy.node.download.list.Urls;
import io.divvy.node.input.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private static final List<String> TYPES =
      List.of("image/jpeg", "text/html; charset=utf-8", "application/octet-stream", "");

  @Test
  void theTeachingExamplesUrlsGetTheirNames() throws Exception {
    Names names = new Names(Template.parse("image_{index}{ext}"));
    for (int i = 1; i <= 3; i++) {
      Name name = names.claim(url("https://h/id/" + i + "/download?w=1", i - 1));
      assertThat(name.path(Optional.of("image/jpeg"))).isEqualTo("image_" + i + ".jpg");
    }
  }

  @Test
  void theLaterOfTwoEqualNamesGetsANumber() throws Exception {
    assertThat(
            paths(
                Template.lastSegment(),
                "a.jpg",
                "x/a.jpg",
                "x/A.JPG",
                "a-2.jpg",
                "b.tar.gz",
                "x/b.tar.gz",
                "c",
                "x/c"))
        .containsExactly(
            "a.jpg", "a-2.jpg", "A-3.JPG", "a-2-2.jpg", "b.tar.gz", "b-2.tar.gz", "c", "c-2");
  }

  @Test
  void namesAreTheSameInWhateverWayAnAccentIsWritten() throws Exception {
    assertThat(paths(Template.lastSegment(), "%C3%A9.txt", "e%CC%81.txt", "E%CC%81.txt"))
        .containsExactly("\u00e9.txt", "\u00e9-2.txt", "\u00c9-3.txt");
  }

  @Test
  void aNameWithoutItsExtensionShutsOutThoseThatItCouldMeet() throws Exception {
    assertThat(paths(Template.parse("{name}{ext}"), "a", "a.jpg", "x/a", "b.png", "b"))
        .containsExactly("a.html", "a-2.jpg", "a-3.html", "b.png", "b-2.html");
    assertThat(paths(Template.lastSegment(), "", "x/", "index.html", "index-4.html", "y/"))
        .containsExactly(
            "index.html", "index-2.html", "index-3.html", "index-4.html", "index-5.html");
  }

  @ParameterizedTest
  @CsvSource({
    "{index:4}_{name}{ext},0008_c d.jpg",
    "{host}/{path}{ext},h.example/a_b_c d.jpg",
    "{name},c d",
    "{name}.bak,c d.bak",
    "x/y/{name}{ext},x/y/c d.jpg",
    "{index},8",
    ".divvy/part/{name}{ext},divvy/part/c d.jpg",
    "{ext},_.jpg",
  })
  void templatesAreFilledIn(String template, String path) throws Exception {
    Names names = new Names(Template.parse(template));

    assertThat(names.claim(url("http://h.example/a/b/c%20d.jpg?q", 7)).path(Optional.empty()))
        .isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/x",
        "x/",
        "../{name}",
        "a/../b",
        "a/./b",
        "a//b",
        "{",
        "}",
        "{name",
        "{}",
        "{nam}",
        "{index:0}",
        "{index:99}",
        "{ext}{name}",
        "{ext}/{name}",
        "{ext}{ext}"
      })
  void aTemplateThatIsNoneIsWrongUsage(String template) {
    assertThatThrownBy(() -> Template.parse(template))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--name '" + template + "'");
  }

  @Test
  void theListsOwnNameComesFirstAndIsAName() throws Exception {
    Names names = new Names(Template.parse("x/{index}{ext}"));

    assertThat(names.claim(out("../../a.txt", 0)).path(Optional.empty())).isEqualTo("_.._a.txt");
    assertThat(names.claim(out("a/b", 1)).path(Optional.of("image/png"))).isEqualTo("a_b");
  }

  @Test
  void aFolderGivesWayToAFile() throws Exception {
    Names names = new Names(Template.parse("{host}/{name}{ext}"));

    assertThat(names.claim(out("h", 0)).path(Optional.empty())).isEqualTo("h");
    assertThat(names.claim(url("http://h/a.txt", 1)).path(Optional.empty())).isEqualTo("h_/a.txt");
    assertThat(names.claim(out("H_", 2)).path(Optional.empty())).isEqualTo("H_-2");
  }

  @Test
  void thousandsAlikeAreNumberedInPassing() throws Exception {
    Names names = new Names(Template.parse("{name}{ext}"));
    Name last = names.claim(url("http://h/download", 0));
    for (int i = 1; i < 20_000; i++) {
      last = names.claim(url("http://h/download", i));
    }
    assertThat(last.path(Optional.of("image/gif"))).isEqualTo("download-20000.gif");
  }

  @Test
  void whateverTheUrlsAreNoTwoFilesMeetAndNoneIsElsewhere() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path root = Path.of("/dir");
    for (String template :
        List.of("", "{name}{ext}", "{path}{ext}", "{host}/{name}{ext}", "{name}/{index}{ext}")) {
      Names names = names(template);
      Names again = names(template);
      Map<String, String> seen = new HashMap<>();
      for (int i = 0; i < 4_000; i++) {
        Wanted item = nasty(random, i);
        Name name = names.claim(item);
        assertThat(again.claim(item)).isEqualTo(name);
        String path = name.path(Optional.of(TYPES.get(random.nextInt(TYPES.size()))));
        String where = "seed " + seed + ", '" + template + "', " + item + " -> " + path;
        Path file = root.resolve(path);
        assertThat(file.normalize()).as(where).isEqualTo(file);
        assertThat(file.startsWith(root)).as(where).isTrue();
        assertThat(file.getNameCount())
            .as(where)
            .isEqualTo(template.contains("/") && item.out().isEmpty() ? 3 : 2);
        assertThat(path).as(where).doesNotStartWith(".").doesNotContain("\\", "\u0000", "\u202e");
        assertThat(seen.put(FileNames.folded(path), where)).as(where).isNull();
      }
      // No file may have the name of a folder that another one needs.
      for (String path : seen.keySet()) {
        int slash = path.indexOf('/');
        assertThat(slash > 0 ? seen.get(path.substring(0, slash)) : null).as(path).isNull();
      }
    }
  }

  private static Names names(String template) throws UsageException {
    return new Names(template.isEmpty() ? Template.lastSegment() : Template.parse(template));
  }

  private static Wanted nasty(Random random, int index) throws Exception {
    String path = Nasty.text(random).replaceAll("[\\p{Cntrl}]", "%01");
    Optional<String> out =
        random.nextInt(4) == 0 ? Optional.of(Nasty.text(random)) : Optional.empty();
    String host = random.nextBoolean() ? "a" : "index.jpg";
    return new Wanted(
        index, index + 1, Urls.parse("http://" + host + "/" + path), out, Optional.empty());
  }

  private static List<String> paths(Template template, String... urls) throws Exception {
    Names names = new Names(template);
    List<String> paths = new ArrayList<>();
    for (String url : urls) {
      Name name = names.claim(url("http://h/" + url, paths.size()));
      paths.add(name.path(Optional.of("text/html")));
    }
    return paths;
  }

  private static Wanted url(String url, long index) throws Exception {
    return new Wanted(index, 1, Urls.parse(url), Optional.empty(), Optional.empty());
  }

  private static Wanted out(String name, long index) throws Exception {
    return new Wanted(index, 1, Urls.parse("http://h/x"), Optional.of(name), Optional.empty());
  }
}
