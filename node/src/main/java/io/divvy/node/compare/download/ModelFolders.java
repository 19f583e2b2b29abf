package io.divvy.node.compare.download;

import io.divvy.node.download.manifest.Manifest;
import io.divvy.node.download.place.Store;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Model;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder for each model, which is empty when a round begins. Only what an earlier round has
 * fetched is taken away: a folder of ours carries a mark, its manifest says which files those are,
 * and a file that was changed since stays.
 */
public final class ModelFolders implements AutoCloseable {

  private static final String MARK = "comparison";

  private final Path root;
  private final boolean temporary;

  private ModelFolders(Path root, boolean temporary) {
    this.root = root;
    this.temporary = temporary;
  }

  /**
   * The folders in {@code to}, or in a temporary folder that goes with {@link #close}.
   *
   * @throws UsageException when one of them is somebody else's
   */
  public static ModelFolders open(Optional<Path> to, List<Model> models)
      throws UsageException, IOException {
    if (to.isEmpty()) {
      return new ModelFolders(Files.createTempDirectory("divvy-compare"), true);
    }
    Path root = to.get();
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new UsageException("--to " + root + " is a file; give a folder");
    }
    for (Model model : models) {
      check(root.resolve(model.word()));
    }
    return new ModelFolders(root, false);
  }

  /** Where the folders are. */
  public Path root() {
    return root;
  }

  /** The model's folder, without what an earlier round left there. */
  Path emptied(Model model) throws UsageException, IOException {
    Path folder = root.resolve(model.word());
    check(folder);
    try (Store store = Store.open(folder, 0)) {
      Path mark = mark(folder);
      if (!Files.exists(mark, LinkOption.NOFOLLOW_LINKS)) {
        Files.createFile(mark);
      }
      try (Manifest manifest = Manifest.open(store)) {
        manifest.clear();
        store.sweep(key -> false);
      }
    }
    return folder;
  }

  private static void check(Path folder) throws UsageException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new UsageException(
          folder + " is a link or a file; remove it, or give another folder with --to");
    }
    if (!Files.isRegularFile(mark(folder), LinkOption.NOFOLLOW_LINKS) && !empty(folder)) {
      throw new UsageException(
          folder + " has files that no comparison put there; give another folder with --to");
    }
  }

  private static Path mark(Path folder) {
    return folder.resolve(Store.PRIVATE).resolve(MARK);
  }

  private static boolean empty(Path folder) throws UsageException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      return !files.iterator().hasNext();
    } catch (IOException e) {
      throw new UsageException(folder + " cannot be read; give another folder with --to", e);
    }
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Somebody else is in there; the system clears its temporary folders.
    }
  }
}
