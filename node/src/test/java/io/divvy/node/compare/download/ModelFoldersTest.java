package io.divvy.node.compare.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.divvy.node.input.UsageException;
import io.divvy.node.model.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFoldersTest {

  @TempDir private Path dir;

  @Test
  void aFolderOfItsOwnIsMadeForEachModel() throws Exception {
    ModelFolders folders = open(dir.resolve("new"));

    assertThat(folders.emptied(Model.THREADS)).isEqualTo(dir.resolve("new/threads")).isDirectory();
    assertThat(folders.emptied(Model.SEQUENTIAL)).isDirectory();
  }

  @Test
  void onlyFilesOfTheRoundBeforeAreTakenAway() throws Exception {
    ModelFolders folders = open(dir);
    Path folder = folders.emptied(Model.THREADS);
    fetched(folder, "image_0.png", "ours", "ours");
    fetched(folder, "image_1.png", "ours", "changed since");
    Files.writeString(folder.resolve("foreign.txt"), "theirs");

    folders.emptied(Model.THREADS);

    assertThat(folder.resolve("image_0.png")).doesNotExist();
    assertThat(folder.resolve("image_1.png")).hasContent("changed since");
    assertThat(folder.resolve("foreign.txt")).hasContent("theirs");
    assertThat(folder.resolve(".divvy/manifest.jsonl")).isEmptyFile();
  }

  @Test
  void nothingOutsideOfTheFolderIsTakenAwayWhateverTheManifestSays() throws Exception {
    ModelFolders folders = open(dir);
    Path folder = folders.emptied(Model.THREADS);
    fetched(folder, "../outside.txt", "ours", "ours");

    folders.emptied(Model.THREADS);

    assertThat(dir.resolve("outside.txt")).hasContent("ours");
  }

  @Test
  void theNextCommandGoesOnInItsFolders() throws Exception {
    fetched(open(dir).emptied(Model.THREADS), "image_0.png", "ours", "ours");

    assertThat(open(dir).emptied(Model.THREADS).resolve("image_0.png")).doesNotExist();
  }

  @Test
  void aFolderThatIsSomebodyElsesIsRefused() throws Exception {
    Path theirs = Files.createDirectory(dir.resolve("threads"));
    Files.writeString(theirs.resolve("holiday.png"), "theirs");

    assertRefused(dir, "no comparison put there");
    assertThat(theirs.resolve("holiday.png")).hasContent("theirs");
  }

  @Test
  void theFolderOfAnOrdinaryDownloadIsRefused() throws Exception {
    Path theirs = Files.createDirectories(dir.resolve("threads"));
    Files.createDirectory(theirs.resolve(".divvy"));
    fetched(theirs, "kept.png", "kept", "kept");

    assertRefused(dir, "no comparison put there");
    assertThat(theirs.resolve("kept.png")).hasContent("kept");
  }

  @Test
  void linksAndFilesAreRefused() throws IOException {
    Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
    Path linked = Files.createDirectory(dir.resolve("linked"));
    Files.createSymbolicLink(linked.resolve("threads"), elsewhere);
    Path file = Files.writeString(dir.resolve("file"), "");

    assertRefused(linked, "is a link or a file");
    assertRefused(file, "is a file");
  }

  @Test
  void aTemporaryFolderGoesAtTheEndAndOthersStay() throws Exception {
    ModelFolders temporary = ModelFolders.open(Optional.empty(), List.of(Model.THREADS));
    ModelFolders given = open(dir);
    fetched(temporary.emptied(Model.THREADS), "image_0.png", "ours", "ours");
    fetched(given.emptied(Model.THREADS), "image_0.png", "ours", "ours");

    temporary.close();
    given.close();

    assertThat(temporary.root()).doesNotExist();
    assertThat(dir.resolve("threads/image_0.png")).exists();
  }

  private static ModelFolders open(Path to) throws UsageException, IOException {
    return ModelFolders.open(Optional.of(to), List.of(Model.SEQUENTIAL, Model.THREADS));
  }

  private static void assertRefused(Path to, String why) {
    assertThatThrownBy(() -> open(to)).isInstanceOf(UsageException.class).hasMessageContaining(why);
  }

  /** As if a round had put it there; then it has {@code now} in it. */
  private static void fetched(Path folder, String name, String then, String now) throws Exception {
    Files.writeString(folder.resolve(name), now);
    byte[] bytes = then.getBytes(StandardCharsets.UTF_8);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    String line =
        "{\"url\":\"http://h/%s\",\"status\":\"ok\",\"file\":\"%s\",\"bytes\":%d,\"sha256\":\"%s\","
            + "\"httpStatus\":200,\"finalUrl\":null,\"attempts\":1,\"seconds\":0.1,\"node\":\"n\","
            + "\"error\":null,\"index\":0,\"line\":1}\n";
    Files.writeString(
        folder.resolve(".divvy/manifest.jsonl"),
        line.formatted(name, name, bytes.length, sha256),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
