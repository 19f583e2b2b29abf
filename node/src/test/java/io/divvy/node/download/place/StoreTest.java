package io.divvy.node.download.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.divvy.node.download.list.Mark;
import io.divvy.node.download.place.StoreException.Trouble;
import io.divvy.node.input.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final Mark KEY = Mark.of("http://h/a");
  private static final Optional<String> NO_TYPE = Optional.empty();
  private static final Optional<Validator> STRONG =
      Optional.of(
          new Validator(
              Optional.of("\"v1\""), Optional.empty(), "http://h/b", OptionalLong.of(10)));

  private final Path dir;
  private final Path elsewhere;
  private Store store;

  StoreTest(@TempDir Path folder) throws Exception {
    dir = folder.resolve("dir");
    elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    store = Store.open(dir, 0);
  }

  @BeforeEach
  @AfterEach
  void nothingIsElsewhere() throws Exception {
    assertThat(elsewhere).isEmptyDirectory();
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void aFileAppearsWhenItIsWhole() throws Exception {
    try (Part part = store.part(KEY)) {
      part.restart(STRONG);
      part.append(bytes("hel"));
      part.append(bytes("lo"));
      assertThat(files()).isEmpty();

      assertThat(part.commit(name("a.txt"), NO_TYPE, expected("hello")))
          .isEqualTo(new Placed("a.txt", 5, sha256("hello")));
    }
    assertThat(dir.resolve("a.txt")).hasContent("hello");
    assertThat(temporary()).isEmpty();
  }

  @Test
  void anEmptyFileIsAFile() throws Exception {
    assertThat(put("empty", "").bytes()).isZero();
    assertThat(dir.resolve("empty")).isEmptyFile();
  }

  @Test
  void whatBreaksOffIsGoneOnWithLater() throws Exception {
    try (Part part = store.part(KEY)) {
      part.restart(STRONG);
      part.append(bytes("hello "));
    }
    store.close();
    store = Store.open(dir, 0);
    try (Part part = store.part(KEY)) {
      assertThat(part.resumable()).isEqualTo(STRONG);
      assertThat(part.length()).isEqualTo(6);
      part.resume();
      part.append(bytes("you"));

      assertThat(part.commit(name("a"), NO_TYPE, expected("hello you")).bytes()).isEqualTo(9);
    }
    assertThat(dir.resolve("a")).hasContent("hello you");
    assertThat(temporary()).isEmpty();
  }

  @Test
  void whatBreaksOffWithoutAStrongValidatorIsGone() throws Exception {
    try (Part part = store.part(KEY)) {
      part.restart(Optional.empty());
      part.append(bytes("hello "));
    }
    assertThat(temporary()).isEmpty();
    try (Part part = store.part(KEY)) {
      assertThat(part.resumable()).isEmpty();
    }
  }

  @Test
  void startingOverForgetsWhatWasThere() throws Exception {
    try (Part part = store.part(KEY)) {
      part.restart(STRONG);
      part.append(bytes("old and long"));
    }
    try (Part part = store.part(KEY)) {
      part.restart(STRONG);
      part.append(bytes("new"));
      assertThat(part.commit(name("a"), NO_TYPE, expected("new")).bytes()).isEqualTo(3);
    }
  }

  @Test
  void aLongFileCanBeGoneOnWithAlsoWhenTheProcessIsKilled() throws Exception {
    Part part = store.part(KEY);
    part.restart(STRONG);
    part.append(ByteBuffer.allocate(1 << 20));
    part.append(bytes("x"));

    assertThat(temporary()).containsExactly(KEY.hex() + ".json", KEY.hex() + ".part");
    part.discard();
    part.close();
    assertThat(temporary()).isEmpty();
  }

  @Test
  void aNoteThatIsTornCountsForNothing() throws Exception {
    for (String note : List.of("", "{\"finalUrl\":\"x\"}", "[]\n", "{\"etag\":\"\\\"a\\\"\"}\n")) {
      Files.writeString(parts().resolve(KEY.hex() + ".part"), "splice");
      Files.writeString(parts().resolve(KEY.hex() + ".json"), note);
      try (Part part = store.part(KEY)) {
        assertThat(part.resumable()).as(note).isEmpty();
      }
      assertThat(temporary()).isEmpty();
    }
  }

  @Test
  void aFileOfTheWrongLengthIsNoFile() throws Exception {
    try (Part part = store.part(KEY)) {
      part.restart(STRONG);
      part.append(bytes("hello"));
      assertThatThrownBy(() -> part.commit(name("a"), NO_TYPE, length(6)))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.trouble()).isEqualTo(Trouble.LENGTH))
          .hasMessage("the file has 5 bytes, expected 6");
      // Too short is not yet wrong.
      part.append(bytes("!"));
      assertThatThrownBy(() -> part.commit(name("a"), NO_TYPE, length(5)))
          .hasMessage("the file has 6 bytes, expected 5");
    }
    assertThat(files()).isEmpty();
    assertThat(temporary()).isEmpty();
  }

  @Test
  void aFileOfTheWrongDigestIsNoFile() throws Exception {
    try (Part part = store.part(KEY)) {
      part.restart(STRONG);
      part.append(bytes("hello"));
      assertThatThrownBy(() -> part.commit(name("a"), NO_TYPE, expected("jello")))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.trouble()).isEqualTo(Trouble.DIGEST));
    }
    assertThat(files()).isEmpty();
    assertThat(temporary()).isEmpty();
  }

  @Test
  void whatHasTheNameAlreadyIsNeverTouched() throws Exception {
    Files.writeString(dir.resolve("a.txt"), "mine");
    Files.createSymbolicLink(dir.resolve("a-2.txt"), elsewhere.resolve("no"));
    Files.createDirectory(dir.resolve("a-3.txt"));

    assertThat(put("a.txt", "new").file()).isEqualTo("a-4.txt");
    assertThat(dir.resolve("a.txt")).hasContent("mine");
    assertThat(dir.resolve("a-4.txt")).hasContent("new");
    assertThat(temporary()).isEmpty();
  }

  @Test
  void theVerySameFileIsNotPutBesideItself() throws Exception {
    Placed first = put("a.txt", "same");

    assertThat(put("a.txt", "same")).isEqualTo(first);
    assertThat(files()).containsExactly("a.txt");
    assertThat(temporary()).isEmpty();
  }

  @Test
  void aLinkToTheVerySameFileIsNotTheFile() throws Exception {
    put("b", "same");
    Files.createSymbolicLink(dir.resolve("a"), dir.resolve("b"));

    assertThat(put("a", "same").file()).isEqualTo("a-2");
  }

  @Test
  void onlyAFileOfOursThatNobodyChangedIsReplaced() throws Exception {
    Placed old = put("a", "old");
    try (Part part = store.part(KEY)) {
      part.restart(Optional.empty());
      part.append(bytes("new"));
      assertThat(part.commit(name("a"), NO_TYPE, Expected.ANYTHING, Optional.of(old)).file())
          .isEqualTo("a");
    }
    assertThat(dir.resolve("a")).hasContent("new");
    try (Part part = store.part(KEY)) {
      part.restart(Optional.empty());
      part.append(bytes("newer"));
      assertThat(part.commit(name("a"), NO_TYPE, Expected.ANYTHING, Optional.of(old)).file())
          .isEqualTo("a-2");
    }
    assertThat(dir.resolve("a")).hasContent("new");
  }

  @Test
  void whereThereAreNoLinksNothingIsOverwrittenEither() throws Exception {
    store.close();
    store = Store.open(dir, 0, false);
    Files.writeString(dir.resolve("a"), "mine");

    assertThat(put("a", "new").file()).isEqualTo("a-2");
    assertThat(put("b", "new").file()).isEqualTo("b");
    assertThat(dir.resolve("a")).hasContent("mine");
    assertThat(dir.resolve("a-2")).hasContent("new");
    assertThat(temporary()).isEmpty();
  }

  @Test
  void aFileThatGotItsNameBeforeItsWriterDiedIsNotWrittenTo() throws Exception {
    put("a", "whole");
    // As after a death between the link and the removal of the other name.
    Files.createLink(parts().resolve(KEY.hex() + ".part"), dir.resolve("a"));
    try (Part part = store.part(KEY)) {
      assertThat(part.resumable()).isEmpty();
      part.restart(STRONG);
      part.append(bytes("x"));
      part.discard();
    }
    assertThat(dir.resolve("a")).hasContent("whole");
  }

  @Test
  void twoThatFetchTheSameWriteTwoFiles() throws Exception {
    try (Part one = store.part(KEY);
        Store other = Store.open(dir, 0);
        Part two = other.part(KEY)) {
      one.restart(STRONG);
      two.restart(STRONG);
      one.append(bytes("same"));
      two.append(bytes("same"));
      assertThat(store.sweep(key -> false)).isZero();
      assertThat(temporary()).hasSize(2);
      assertThat(two.resumable()).isEmpty();
      assertThat(one.commit(name("a"), NO_TYPE, Expected.ANYTHING).file()).isEqualTo("a");
      assertThat(two.commit(name("a"), NO_TYPE, Expected.ANYTHING).file()).isEqualTo("a");
    }
    assertThat(files()).containsExactly("a");
    assertThat(temporary()).isEmpty();
  }

  @Test
  void whatNoUrlNeedsIsSweptAway() throws Exception {
    for (Mark key : List.of(KEY, Mark.of("gone"))) {
      try (Part part = store.part(key)) {
        part.restart(STRONG);
        part.append(bytes("half"));
      }
    }
    Files.writeString(parts().resolve(KEY.hex() + "-12345678.part"), "of a process that died");

    assertThat(store.sweep(key -> key.equals(KEY.hex()))).isEqualTo(3);
    assertThat(temporary()).containsExactly(KEY.hex() + ".json", KEY.hex() + ".part");
  }

  @Test
  void subFoldersAreMadeAndLeadNowhereElse() throws Exception {
    assertThat(put("x/y/a", "1").file()).isEqualTo("x/y/a");
    assertThat(dir.resolve("x/y/a")).hasContent("1");
    Files.createSymbolicLink(dir.resolve("out"), elsewhere);
    Files.createSymbolicLink(dir.resolve("in"), dir.resolve("x"));

    assertThat(put("in/a", "2").file()).isEqualTo("in/a");
    assertTrouble("out/a", "a folder of out/a leads out of ");
    assertTrouble("out/b/a", "a folder of out/b/a leads out of ");
    assertTrouble("in/a/b", "a folder of in/a/b is a file");
  }

  @Test
  void aNameThatComesFromAfarLeadsNowhereElse() throws Exception {
    for (String path :
        List.of(
            "../a", "/a", "a/../../b", "a//b", "", ".", "a\\b", "a\0b", ".divvy/a", ".DIVVY/b")) {
      assertTrouble(path, "no file may be called '");
      assertThat(store.holds(new Placed(path, 0, ""))).isFalse();
    }
  }

  @Test
  void aTemporaryNameThatIsALinkIsNotFollowed() throws Exception {
    Path target = Files.writeString(dir.resolve("target"), "mine");
    Files.createSymbolicLink(parts().resolve(KEY.hex() + ".part"), target);

    put("a", "new");
    assertThat(target).hasContent("mine");
    assertThat(dir.resolve("a")).isRegularFile().isNotEmptyFile();
    assertThat(Files.isSymbolicLink(dir.resolve("a"))).isFalse();
  }

  @Test
  void aPrivateFolderThatIsALinkIsRefused() throws Exception {
    Path other = Files.createDirectory(dir.resolve("other"));
    Files.createSymbolicLink(other.resolve(".divvy"), elsewhere);
    assertUsage(other, "is a link or a file");

    Files.delete(other.resolve(".divvy"));
    Files.createDirectory(other.resolve(".divvy"));
    Files.createSymbolicLink(other.resolve(".divvy/part"), elsewhere);
    assertUsage(other, "is a link or a file");
  }

  @Test
  void aFolderThatNothingCanBePutIntoIsOneLine() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertUsage(file, "is a file; give a folder");
    assertUsage(file.resolve("sub"), "cannot be written: ");

    assertUsage(Path.of("/proc/divvy"), "cannot be written: ");

    Path closed = Files.createDirectory(dir.resolve("closed"));
    assumeThat(closed.toFile().setWritable(false)).isTrue();
    assumeThat(Files.isWritable(closed)).as("modes count for nothing here").isFalse();
    assertUsage(closed, "permission denied");
    assertUsage(closed.resolve("sub"), "permission denied");
  }

  @Test
  void theFloorOfFreeSpaceIsKept() throws Exception {
    store.close();
    store = Store.open(dir, Long.MAX_VALUE / 2);
    try (Part part = store.part(KEY)) {
      part.restart(STRONG);
      assertThatThrownBy(() -> part.expect(1))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.trouble()).isEqualTo(Trouble.DISK_FULL));
      assertThatThrownBy(() -> part.append(ByteBuffer.allocate(16 << 20)))
          .hasMessageStartingWith("the disk is full: ");
    }
    assertThat(temporary()).isEmpty();
  }

  @Test
  void aFullDiskIsToldFromOtherTroubles() throws Exception {
    assertThat(StoreException.of("x", new IOException("No space left on device")).trouble())
        .isEqualTo(Trouble.DISK_FULL);
    assertThat(StoreException.of("x", new FileSystemException("f", null, "Disk quota exceeded")))
        .hasMessage("the disk is full: x");
    assertThat(StoreException.of("x", new FileSystemException("f", null, "Stale file handle")))
        .hasMessage("x: Stale file handle")
        .returns(Trouble.OTHER, StoreException::trouble);
  }

  @Test
  void whatNobodyCountsOnIsTakenAwayAgain() throws Exception {
    Placed placed = put("a", "1");
    Placed changed = put("b", "1");
    Files.writeString(dir.resolve("b"), "2");
    store.withdraw(placed);
    store.withdraw(changed);

    assertThat(files()).containsExactly("b");
  }

  @Test
  void bytesFromAfarComeInAnyOrderAndTwice() throws Exception {
    try (Incoming incoming = store.incoming(KEY)) {
      assertThat(incoming.append(3, bytes("lo"))).isZero();
      assertThat(incoming.append(0, bytes("hel"))).isEqualTo(3);
      assertThat(incoming.append(0, bytes("hel"))).isEqualTo(3);
      assertThat(incoming.append(1, bytes("ello"))).isEqualTo(5);
      Placed placed = incoming.finish(name("a"), NO_TYPE, 5, sha256("hello"));

      assertThat(placed).isEqualTo(new Placed("a", 5, sha256("hello")));
      assertThat(incoming.append(3, bytes("lo!"))).isEqualTo(5);
      assertThat(incoming.finish(name("a"), NO_TYPE, 5, sha256("hello"))).isEqualTo(placed);
    }
    assertThat(files()).containsExactly("a");
    assertThat(dir.resolve("a")).hasContent("hello");
  }

  @Test
  void bytesFromAfarThatAreNotAllThereAreNoFile() throws Exception {
    try (Incoming incoming = store.incoming(KEY)) {
      incoming.append(0, bytes("hel"));
      assertThatThrownBy(() -> incoming.finish(name("a"), NO_TYPE, 5, sha256("hello")))
          .hasMessage("the file has 3 bytes, expected 5");
    }
    assertThat(files()).isEmpty();
    assertThat(temporary()).isEmpty();
  }

  @Test
  void aFolderIsTheSameWhereTheTokenIs() throws Exception {
    try (SharedFolder shared = SharedFolder.write(store)) {
      assertThat(SharedFolder.sees(dir.toString(), shared.token())).isTrue();
      assertThat(SharedFolder.sees(elsewhere.toString(), shared.token())).isFalse();
      assertThat(SharedFolder.sees(dir.toString(), shared.token().replaceAll("..$", "zz")))
          .isFalse();
      assertThat(SharedFolder.sees("a\0b", shared.token())).isFalse();
      assertThat(SharedFolder.sees(dir.toString(), "../x." + sha256("").substring(32))).isFalse();
    }
    assertThat(dir.resolve(".divvy")).isDirectoryNotContaining("glob:**shared-*");
  }

  private void assertTrouble(String path, String message) throws Exception {
    assertThatThrownBy(() -> put(path, "x"))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith(message);
    assertThat(temporary()).isEmpty();
  }

  private static void assertUsage(Path folder, String message) {
    assertThatThrownBy(() -> Store.open(folder, 0))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--to ")
        .hasMessageContaining(message);
  }

  private Placed put(String path, String text) throws StoreException {
    try (Part part = store.part(KEY)) {
      part.restart(Optional.empty());
      part.append(bytes(text));
      return part.commit(name(path), NO_TYPE, expected(text));
    }
  }

  private static Name name(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    String extension = FileNames.extension(file);
    return new Name(
        path.substring(0, path.length() - file.length()),
        FileNames.stem(file, extension),
        Optional.of(extension));
  }

  private static Expected length(long length) {
    return new Expected(OptionalLong.of(length), Optional.empty());
  }

  private static Expected expected(String text) {
    return new Expected(OptionalLong.of(text.length()), Optional.of(sha256(text)));
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(Store.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private Path parts() {
    return dir.resolve(".divvy/part");
  }

  private List<String> temporary() throws IOException {
    return names(parts()).stream().filter(name -> !name.equals("lock")).toList();
  }

  private List<String> files() throws IOException {
    return names(dir).stream().filter(name -> !name.equals(".divvy")).toList();
  }

  private static List<String> names(Path folder) throws IOException {
    assertThat(Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)).isTrue();
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
