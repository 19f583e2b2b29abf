package io.divvy.node.boot;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The folder of a user where nodes find each other and logs are kept.
 *
 * @param folder {@code $DIVVY_HOME}, else {@code $XDG_STATE_HOME/divvy}, else {@code
 *     ~/.local/state/divvy}
 */
public record Home(Path folder) {

  /** The folder of whoever runs this JVM; it need not exist. */
  public static Home ofUser() {
    return of(System.getenv());
  }

  /** The folder of whoever has these environment variables. */
  public static Home of(Map<String, String> environment) {
    return of(environment, System.getProperty("user.home", "."));
  }

  /** The folder of a user with these environment variables. */
  static Home of(Map<String, String> environment, String userHome) {
    String own = environment.getOrDefault("DIVVY_HOME", "");
    if (!own.isBlank()) {
      return new Home(Path.of(own).toAbsolutePath());
    }
    // The XDG rules say that a relative path there is to be ignored.
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path base = state.startsWith("/") ? Path.of(state) : Path.of(userHome, ".local", "state");
    return new Home(base.resolve("divvy").toAbsolutePath());
  }

  /** The folder, made with its parents if need be, open to its user alone. */
  public Path create() throws IOException {
    return create(folder);
  }

  public Path logFolder() {
    return folder.resolve("log");
  }

  /** Where the journals are that nobody asked for: a folder for each. */
  public Path journalFolder() {
    return folder.resolve("journals");
  }

  /** The folder, made with its parents if need be, open to its user alone. */
  public static Path create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return folder;
    }
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? Files.createDirectories(folder, ownerOnly())
        : Files.createDirectories(folder);
  }

  private static FileAttribute<?> ownerOnly() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }
}
