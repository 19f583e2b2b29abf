package io.divvy.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

  @Test
  void divvyHomeGoesBeforeXdgStateHomeBeforeTheUsersHome() {
    assertThat(Home.of(Map.of("DIVVY_HOME", "/d", "XDG_STATE_HOME", "/x"), "/u").folder())
        .isEqualTo(Path.of("/d"));
    assertThat(Home.of(Map.of("XDG_STATE_HOME", "/x"), "/u").folder())
        .isEqualTo(Path.of("/x/divvy"));
    assertThat(Home.of(Map.of(), "/u").folder()).isEqualTo(Path.of("/u/.local/state/divvy"));
  }

  @Test
  void anEmptyOrRelativeXdgStateHomeIsIgnored() {
    assertThat(Home.of(Map.of("DIVVY_HOME", "", "XDG_STATE_HOME", "x"), "/u").folder())
        .isEqualTo(Path.of("/u/.local/state/divvy"));
  }

  @Test
  void theFolderIsForItsUserAlone(@TempDir Path dir) throws IOException {
    Path made = new Home(dir.resolve("a/b")).create();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    assertThat(new Home(made).create()).isEqualTo(made);
  }
}
